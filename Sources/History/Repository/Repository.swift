public import Objects
public import Records
import Synchronization

/// A repository: its objects, its history and its operations, opened for reading. Changes go through a
/// ``Transaction``. Safe to use from several threads.
public final class Repository: Sendable {
  /// The folder that is called `.mdata`.
  public let path: String
  /// The system calls everything goes through (libgit2 reads, and SQLite works, with their own).
  public let fileSystem: any FileSystem
  /// The objects.
  public let store: ObjectStore
  /// Nodes that this process read lately.
  let nodes: NodeCache
  private let opened = Mutex<GitRepository?>(nil)
  private let indexed = Mutex<Index?>(nil)

  /// The folder's name inside a working folder.
  public static let folderName = ".mdata"

  /// Creates a repository in the folder `path`, which is made when absent. What an interrupted creation left
  /// behind is completed.
  ///
  /// - Throws: ``HistoryError/alreadyExists(_:)``, ``HistoryError/damaged(path:_:)`` when objects or
  ///   operations are there without the format file, and what the file system throws.
  public static func create(at path: String, fileSystem: any FileSystem) throws -> Repository {
    let format = path + "/" + RepositoryFormat.fileName
    guard try fileSystem.status(format) == nil else { throw HistoryError.alreadyExists(path) }
    try fileSystem.createDirectory(path)
    for name in ["objects", "operations", "staging"] {
      try fileSystem.createDirectory(path + "/" + name)
      guard try fileSystem.list(path + "/" + name).isEmpty else {
        throw HistoryError.damaged(path: format, "it is missing while \(name) exist")
      }
    }
    _ = try GitRepository.create(at: path + "/history.git", fileSystem: fileSystem)
    try fileSystem.synchronizeDirectory(path)
    try fileSystem.synchronizeName(of: path)
    do {
      try fileSystem.replaceAtomically(format, with: RepositoryFormat.bytes)
    } catch {
      try? fileSystem.remove(format)
      throw error
    }
    return try Repository(path: path, fileSystem: fileSystem)
  }

  /// Opens the repository in the folder `path`. History is opened when it is first asked for.
  ///
  /// - Throws: ``HistoryError/notARepository(_:)``, ``HistoryError/newerFormat(_:found:)``,
  ///   ``HistoryError/damaged(path:_:)``.
  public init(path: String, fileSystem: any FileSystem, threads: Int = 1) throws {
    try RepositoryFormat.check(path, fileSystem)
    try FolderCheck.repository(path, fileSystem)
    self.path = path
    self.fileSystem = fileSystem
    store = try ObjectStore(directory: path + "/objects", fileSystem: fileSystem)
    nodes = NodeCache(store, threads: threads)
  }

  /// Opens the repository that `folder` lies in: the nearest one of the folder and the folders above it.
  ///
  /// - Throws: as ``init(path:fileSystem:)``; ``HistoryError/notARepository(_:)`` with `folder` when there is none.
  public static func open(containing folder: String, fileSystem: any FileSystem) throws -> Repository {
    var parts = folder.split(separator: "/")
    while true {
      let path = ([""] + parts.map(String.init) + [folderName]).joined(separator: "/")
      if try fileSystem.status(path)?.kind == .directory {
        return try Repository(path: path, fileSystem: fileSystem)
      }
      guard parts.popLast() != nil else { throw HistoryError.notARepository(folder) }
    }
  }

  /// The commit graph and the references, opened when first asked for.
  public func git() throws -> GitRepository {
    try opened.withLock { opened in
      if let opened { return opened }
      try FolderCheck.git(path + "/history.git", fileSystem)
      let git = try GitRepository(path: path + "/history.git", fileSystem: fileSystem)
      opened = git
      return git
    }
  }

  /// The index, brought up to date when it is first asked for and after each transaction of this process.
  /// ``Index/catchUp()`` takes in what other processes did since.
  public func index() throws -> Index {
    if let index = indexed.withLock({ $0 }) { return index }
    let index = Index(path: path + "/index.sqlite", store: store, git: try git(), operations: operations)
    try index.catchUp()
    return indexed.withLock { indexed in
      if let indexed { return indexed }
      indexed = index
      return index
    }
  }

  /// Begins, on another thread, what a verb that writes will need: setting libgit2 up takes milliseconds, which
  /// reading a file can hide. Whoever needs it before it is ready waits.
  public func warmUp() {
    Threads.detach { _ = try? self.git() }
  }

  /// Full text search. Opening it costs nothing; the version to search is taken in by
  /// ``SearchIndex/catchUp(to:progress:)``.
  public func search() -> SearchIndex { SearchIndex(path: path + "/search.sqlite", store: store) }

  /// Where indexes of what records are like lie: a cache, which is made when it is first used.
  public var similarityPath: String { path + "/" + Self.similarityName }

  static let similarityName = "similarity"

  /// Brings the index up to date after a change of this process.
  func updateIndex(with news: IndexNews) throws {
    let known = indexed.withLock { $0 }
    let index =
      try known
      ?? Index(
        path: path + "/index.sqlite", store: store, git: git(), operations: operations)
    try index.catchUp(with: news)
    indexed.withLock { $0 = $0 ?? index }
  }

  /// Deletes the index and builds it from history and objects. Returns how many rows each of its tables has.
  public func rebuildIndex() throws -> [(table: String, rows: Int)] {
    let index = Index(path: path + "/index.sqlite", store: store, git: try git(), operations: operations)
    try index.rebuild()
    let counts = try index.rowCounts()
    indexed.withLock { $0 = index }
    return counts
  }

  /// The log of operations.
  public var operations: OperationLog { OperationLog(folder: path + "/operations", fileSystem: fileSystem) }

  /// The staged batches in the order they were added, as whoever takes the lock next will find them.
  public func stagedBatches() throws -> [StagedBatch] { try staged().batches }

  /// The merge that waits for decisions, as whoever takes the lock next will find it.
  public func pendingMerge() throws -> PendingMerge? { try staged().merge }

  private func staged() throws -> StagingState {
    try operations.stagedSoon(git(), staging) ?? staging.current()
  }

  /// What `add` has prepared for the next commit.
  public var staging: StagingArea { StagingArea(folder: path + "/staging", fileSystem: fileSystem) }
}

// Versions.
extension Repository {
  /// Where HEAD stands.
  ///
  /// - Throws: ``GitError``; ``HistoryError/damaged(path:_:)`` when HEAD or the branch's file is not where the
  ///   operations left it, so that a lost reference never looks like a repository without commits.
  public func head() throws -> Head {
    let git = try git()
    switch try git.target(of: .head) {
    case .reference(let branch):
      let commit = try git.commit(at: branch)
      if commit == nil { try refuseLostBranch(branch) }
      return Head(branch: branch, commit: commit)
    case .object(let id): return Head(branch: nil, commit: id)
    case nil: throw GitError.notFound("HEAD")
    }
  }

  /// Asks the operation log about a branch that HEAD names and that does not exist. That is rare, so reading the whole
  /// log is no cost.
  private func refuseLostBranch(_ branch: RefName) throws {
    var ledger = Ledger()
    for logged in try operations.list().reversed() { ledger.add(logged.operation) }
    guard ledger.allows(branch.full, for: RefName.head.full) else {
      throw HistoryError.damaged(
        path: path + "/history.git/HEAD", "it names \(branch), and the operations left it at another branch")
    }
    guard ledger.allows(nil, for: branch.full) else {
      throw HistoryError.damaged(
        path: path + "/history.git/" + branch.full, "it is missing, and the operations left it at a commit")
    }
  }

  /// The commit a revision names; see ``GitRepository/resolve(_:)``.
  public func commit(_ revision: String) throws -> Commit { try commit(try git().resolve(revision).commit) }

  /// The commit with an id.
  ///
  /// - Throws: ``HistoryError/notADataset(_:_:)`` when its dataset file is absent or damaged.
  public func commit(_ id: CommitID) throws -> Commit {
    Commit(git: try git().commit(id), dataset: try dataset(of: id))
  }

  /// The commits reachable from `tips` and not from `hidden`, children first.
  public func log(
    from tips: [CommitID], excluding hidden: [CommitID] = [], limit: Int = .max
  ) throws
    -> [Commit]
  {
    try git().log(from: tips, excluding: hidden, limit: limit).map {
      Commit(git: $0, dataset: try dataset(of: $0.id))
    }
  }

  /// The version of the dataset that a commit is.
  ///
  /// - Throws: ``HistoryError/notADataset(_:_:)`` when its dataset file is absent or damaged.
  public func dataset(of id: CommitID) throws -> Dataset { try Self.dataset(of: id, in: git()) }

  static func dataset(of id: CommitID, in git: GitRepository) throws -> Dataset {
    guard let bytes = try git.file(Dataset.fileName, in: id) else {
      throw HistoryError.notADataset(id, "it has no \(Dataset.fileName)")
    }
    do throws(ObjectFormatError) {
      return try Dataset(parsing: bytes)
    } catch {
      throw HistoryError.notADataset(id, error.description)
    }
  }

  /// The records of a commit's version.
  public func tree(of commit: Commit) -> SnapshotTree { tree(commit.dataset.snapshot) }

  /// The batches of a commit's version, in their order; the keys are made by ``BatchOrder``.
  public func batches(of commit: Commit) -> SnapshotTree { tree(commit.dataset.batches) }

  /// The tree under a root node.
  public func tree(_ root: ObjectID) -> SnapshotTree {
    let store = store
    return SnapshotTree(root: root, cache: nodes) { try store.read($0, .node) }
  }
}
