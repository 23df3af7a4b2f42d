public import Objects
public import Records

/// One change of a repository, made by one verb. It holds the repository's lock from beginning to end.
///
/// The write order is fixed here and nowhere else: objects and tree nodes, then git commits, then the operation,
/// then the references, then what is staged, then the index. Each step is durable before the next begins, so an interruption at any
/// instant leaves the old state or the new one. An operation whose references had not begun to move is dropped by
/// the next transaction; one that had begun is completed by it.
///
/// Used on one thread, once: after ``finish()`` or ``abandon()`` every call throws
/// ``HistoryError/transactionEnded``. Dropped without either, it changes nothing.
public final class Transaction {
  /// The repository it changes.
  public let repository: Repository
  /// Who makes the change.
  public let identity: GitIdentity
  /// When.
  public let time: GitTime

  private let verb: String
  private let signing: Signing
  /// One line for people, as the operation log will have it.
  public var description: String
  private let git: GitRepository
  private var lock: RepositoryLock?
  /// The newest operation before this one.
  public let latest: LoggedOperation?
  private var writer: PackWriter?
  private var changes = ReferenceChanges()
  private var objects: [ObjectID] = []
  private var removed: [ObjectID] = []
  private var reversal: Operation.Reversal?
  private var staging: (old: StagingState, new: StagingState)?
  private var stagedPairs: [(batch: ObjectID, pairs: [ObjectID])] = []
  private var news = IndexNews()
  private var hasEnded = false
  private var hasNewPack = false

  init(
    repository: Repository, verb: String, description: String, identity: GitIdentity, time: GitTime,
    signing: @escaping Signing, pack: PackWriter?, lock: RepositoryLock
  ) throws {
    self.repository = repository
    self.verb = verb
    self.description = description
    self.identity = identity
    self.time = time
    self.signing = signing
    self.lock = lock
    writer = pack
    git = try repository.git()
    latest = try repository.settle(git, lock)
    // What others committed since the pack was begun is what it continues.
    repository.store.refresh()
    writer?.followStore()
  }

  /// Where new objects go. They become visible to readers with the next ``commit(_:parents:author:message:files:moving:)``
  /// or with ``finish()``.
  public var pack: PackWriter {
    get throws {
      guard !hasEnded else { throw HistoryError.transactionEnded }
      if let writer { return writer }
      let writer = try PackWriter(repository.store)
      self.writer = writer
      return writer
    }
  }

  /// The tree under a root node, which may be one that this transaction has written.
  public func tree(_ root: ObjectID) throws -> SnapshotTree {
    let pack = try pack
    return SnapshotTree(root: root, cache: repository.nodes) { try pack.read($0, .node) }
  }

  /// A builder of a new tree whose nodes go into the pack.
  public func treeBuilder() throws -> TreeBuilder {
    let pack = try pack
    return TreeBuilder { try pack.add(.node, $0, deltaBase: $1) }
  }

  /// Builds a tree from entries in ascending order of key.
  public func build(sorted entries: some Sequence<TreeEntry>) throws -> TreeRoot {
    var builder = try treeBuilder()
    for entry in entries { try builder.append(entry) }
    return try builder.finish()
  }

  /// Applies edits in ascending order of key to the tree under `root`.
  public func apply(_ edits: RecordEdits, to root: ObjectID) throws -> TreeRoot {
    let pack = try pack
    let tree = try tree(root)
    var runs = ChangeRuns()
    let new = try tree.applying(
      edits, write: { try pack.add(.node, $0, deltaBase: $1) }, changed: { runs.append($0, $1) })
    news.add(from: try tree.count() == 0 ? nil : root, to: new.id, runs)
    return new
  }

  /// Writes a commit after making all objects so far durable.
  ///
  /// Signed when the transaction signs commits: before anything is written, so that a refusal leaves nothing behind.
  ///
  /// - Parameters:
  ///   - dataset: the version; what it changes is counted here.
  ///   - parents: the commits it follows.
  ///   - author: who wrote the change, and when; nil for whoever makes it.
  ///   - files: more files of its git tree, by slash-separated path.
  ///   - own: of a commit that follows several, the records that may be unlike those of all parents, in ascending
  ///     order; nil when the index is to find them.
  ///   - name: the branch that shall point at it when the transaction finishes; ``RefName/head`` stands for the
  ///     current branch, or for HEAD itself when there is none.
  public func commit(
    _ dataset: Dataset, parents: [CommitID], author: GitStamp? = nil, message: String,
    files: [String: [UInt8]] = [:], own: [RecordID]? = nil, moving name: RefName?
  ) throws -> CommitID {
    guard !hasEnded else { throw HistoryError.transactionEnded }
    var files = files
    var dataset = dataset
    dataset.changes = try changes(to: dataset, from: parents.first)
    files[Dataset.fileName] = dataset.canonicalBytes
    let draft = GitCommitDraft(
      parents: parents, files: files, identity: identity, time: time, author: author, message: message)
    let encoding = try git.encode(draft, sign: signing)
    try flush()
    let id = try marking { try git.write(encoding) }
    if let own, parents.count > 1 { news.add(own: try changes(of: own, in: dataset, from: parents), of: id) }
    if let name { try move(name, to: id) }
    return id
  }

  /// Writes an annotated tag and plans to point its reference at it. Nothing is written when `sign` refuses.
  public func tag(_ name: RefName, of commit: CommitID, message: String, sign: Signing) throws {
    guard !hasEnded else { throw HistoryError.transactionEnded }
    let draft = GitTagDraft(name: name, commit: commit, identity: identity, time: time, message: message)
    let object = try git.encode(draft, sign: sign)
    try flush()
    try plan(name, .object(marking { try git.write(object) }))
  }

  /// What leads to a version from its first parent: counted while it was made, or by comparing the two.
  private func changes(to dataset: Dataset, from parent: CommitID?) throws -> ChangeCounts {
    guard let parent else { return ChangeCounts(added: dataset.records) }
    let old = try repository.dataset(of: parent)
    if let runs = news.runs(from: old.records == 0 ? nil : old.snapshot, to: dataset.snapshot) {
      return runs.counts
    }
    var diff = try tree(old.snapshot).diff(to: tree(dataset.snapshot))
    return try diff.counts()
  }

  /// Which of some records are unlike those of all parents, and what happened to them.
  private func changes(
    of records: [RecordID], in dataset: Dataset, from parents: [CommitID]
  ) throws -> ChangeRuns {
    var runs = ChangeRuns()
    guard !records.isEmpty else { return runs }
    let new = repository.tree(dataset.snapshot)
    let old = try parents.map { repository.tree(try repository.dataset(of: $0).snapshot) }
    for record in records {
      let entry = try new.entry(for: record)
      let before = try old.map { try $0.entry(for: record) }
      if before.contains(entry) { continue }
      runs.append(record, entry == nil ? .removed : before.contains { $0 != nil } ? .edited : .added)
    }
    return runs
  }

  /// Plans to point a branch or tag at a commit, or with nil to delete it. ``RefName/head`` stands for the current
  /// branch, or for HEAD itself when there is none.
  public func move(_ name: RefName, to commit: CommitID?) throws {
    var name = name
    if name == .head, case .reference(let branch) = try target(of: .head) { name = branch }
    try plan(name, commit.map { .object($0) })
  }

  /// Plans to point HEAD at a branch or, with an object, at a commit itself.
  public func setHead(to target: RefTarget) throws { try plan(.head, target) }

  /// Plans to give a reference exactly this target; nil deletes it. For undoing operations.
  public func restore(_ name: RefName, to target: RefTarget?) throws { try plan(name, target) }

  /// Notes an object that the operation makes and no reference leads to, such as a training run.
  public func note(_ object: ObjectID) { objects.append(object) }

  /// Notes that such an object counts no longer.
  public func retract(_ object: ObjectID) { removed.append(object) }

  /// Notes that the operation takes back another one, or does it again.
  public func reverse(_ reversal: Operation.Reversal) { self.reversal = reversal }

  /// Stages a batch for a later commit, after the others; staging it again changes nothing.
  public func stage(_ batch: StagedBatch, pairs: [ObjectID]) throws {
    var state = try stagingState()
    guard !state.batches.contains(where: { $0.batch == batch.batch }) else { return }
    state.batches.append(batch)
    try setStaging(to: state)
    stagedPairs.append((batch.batch, pairs))
  }

  /// Plans to leave these batches staged no longer; others, which another process may have added, stay.
  public func unstage(_ batches: Set<ObjectID>) throws {
    var state = try stagingState()
    state.batches.removeAll { batches.contains($0.batch) }
    try setStaging(to: state)
  }

  /// Plans that this merge waits for decisions; nil when none does any more.
  public func setMerge(to merge: PendingMerge?) throws {
    var state = try stagingState()
    state.merge = merge
    try setStaging(to: state)
  }

  /// Plans to have exactly this staged. The pair ids of its batches must have been kept.
  public func setStaging(to state: StagingState) throws {
    guard !hasEnded else { throw HistoryError.transactionEnded }
    staging = (try staging?.old ?? repository.staging.current(), state)
  }

  /// Hands the index what was collected about the rows of a new batch.
  public func index(_ keys: BatchKeys, of batch: BatchPrefix) { news.keys.append((batch, keys)) }

  /// Makes everything durable and visible. Returns the operation, or nil when nothing changed.
  @discardableResult
  public func finish() throws -> LoggedOperation? {
    try flush()
    defer { end() }
    let logged = try marking { try makeVisible() }
    // What was acknowledged stands, whether or not tidying up succeeds; the next writer tries again.
    if hasNewPack { try? mergeSmallPacks() }
    return logged
  }

  private func makeVisible() throws -> LoggedOperation? {
    let area = repository.staging
    let stagingChange = try keepStaging(in: area)
    var logged: LoggedOperation?
    if !changes.effective.isEmpty || !objects.isEmpty || !removed.isEmpty || stagingChange != nil {
      let operation = Operation(
        parent: latest?.digest, time: Timestamp(secondsSince1970: Int(time.seconds)), verb: verb,
        description: description, before: changes.before, after: changes.after, objects: objects,
        removed: removed, staging: stagingChange, reversal: reversal)
      let log = repository.operations
      let appended = try log.append(operation, after: latest)
      try moveReferences(of: appended)
      if stagingChange != nil { try setStaging(of: appended) }
      logged = appended
    }
    // The index is a cache: what it missed it finds when it is next used, and says so then.
    if logged != nil { try? repository.updateIndex(with: news) }
    return logged
  }

  /// Keeps the number of packs small, unless a collection is at work, which does the same.
  private func mergeSmallPacks() throws {
    let turn = try GarbageCollection.takeTurn(repository)
    defer { repository.fileSystem.closeUnlocked(turn) }
    try repository.store.mergeSmallPacks()
  }

  /// Gives everything up; the repository stays as it was.
  public func abandon() {
    writer?.discard()
    end()
  }

  deinit { writer?.discard() }
}

extension Transaction {
  private func target(of name: RefName) throws -> RefTarget? {
    if let planned = changes.planned(name) { return planned }
    return try git.target(of: name)
  }

  private func stagingState() throws -> StagingState {
    try staging?.new ?? repository.staging.current()
  }

  /// Makes durable what the operation will say about staging.
  private func keepStaging(in area: StagingArea) throws -> Operation.StagingChange? {
    guard let staging, staging.old != staging.new else { return nil }
    try area.keep(stagedPairs, [staging.old, staging.new])
    return Operation.StagingChange(before: staging.old.digest, after: staging.new.digest)
  }

  private func plan(_ name: RefName, _ new: RefTarget?) throws {
    guard !hasEnded else { throw HistoryError.transactionEnded }
    changes.record(name, from: try git.target(of: name), to: new)
  }

  private func flush() throws {
    guard !hasEnded else { throw HistoryError.transactionEnded }
    if try marking({ try writer?.finish() }) != nil { hasNewPack = true }
    writer = nil
  }

  /// Runs a step that changes files. When it fails, what it renamed may not be durable, which the next transaction
  /// is told.
  private func marking<Result>(_ step: () throws -> Result) throws -> Result {
    do {
      return try step()
    } catch {
      lock?.markUnfinished()
      throw error
    }
  }

  private func moveReferences(of operation: LoggedOperation) throws {
    do {
      let prepared = try changes.effective.map { try git.prepare($0.new) }
      for (change, file) in zip(changes.effective, prepared) {
        try git.move(change.name, from: change.old, to: change.new, file)
      }
    } catch {
      // Another program moved a reference, or the disk failed. What cannot be taken back is left for the next
      // transaction to complete.
      if takeBack() { try? repository.operations.remove(operation) }
      throw error
    }
  }

  /// Makes the planned staging the current one. When it fails beside references that have moved, the change is there,
  /// and the next transaction completes it; alone, it is taken back.
  private func setStaging(of operation: LoggedOperation) throws {
    guard let staging else { return }
    let area = repository.staging
    do {
      try area.set(staging.new)
    } catch {
      lock?.markUnfinished()
      guard changes.effective.isEmpty else { return }
      if (try? area.set(staging.old)) != nil { try? repository.operations.remove(operation) }
      throw error
    }
  }

  /// Moves references back, last first. Returns whether all are as before.
  private func takeBack() -> Bool {
    changes.effective.reversed().allSatisfy { change in
      do {
        if try git.target(of: change.name) == change.old { return true }
        try git.move(change.name, from: change.new, to: change.old)
        return true
      } catch {
        return false
      }
    }
  }

  private func end() {
    hasEnded = true
    writer = nil
    lock = nil
  }
}
