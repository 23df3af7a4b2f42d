import CGit2
public import Objects
import Synchronization

/// The inner bare git repository: the commit graph and the references, never records. Safe to use from several
/// threads; calls wait for each other.
public final class GitRepository: Sendable {
  /// The repository's folder.
  public let path: String
  let fileSystem: any FileSystem
  private let repository: RepositoryPointer
  private let turn = Mutex(())

  /// Creates an empty bare repository with the initial branch `main`, or completes one whose creation was
  /// interrupted. What is there already stays. Durable, but for the name of the folder itself, when it returns.
  public static func create(
    at path: String, fileSystem: any FileSystem = POSIXFileSystem()
  ) throws(GitError) -> GitRepository {
    do throws(ObjectsError) {
      for folder in folders { try fileSystem.createDirectory(path + folder) }
      var made: [(file: AtomicFile, name: String)] = []
      for (name, text) in firstFiles where try fileSystem.status(path + "/" + name) == nil {
        let file = try AtomicFile(in: path, stem: name, fileSystem: fileSystem)
        try file.append(Array(text.utf8))
        made.append((file, name))
      }
      try AtomicFile.commit(made)
      // Innermost first: a folder's name is its parent's content.
      for folder in folders.reversed() { try fileSystem.synchronizeDirectory(path + folder) }
    } catch { throw .files(error) }
    return try GitRepository(path: path, fileSystem: fileSystem)
  }

  /// What git takes for a repository (gitrepository-layout, git 2.x).
  private static let folders = [
    "", "/objects", "/objects/info", "/objects/pack", "/refs", "/refs/heads", "/refs/tags",
  ]
  private static let firstFiles = [
    ("config", "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"),
    ("HEAD", "ref: refs/heads/main\n"),
  ]

  /// Opens the repository in exactly this folder. What it writes goes through `fileSystem`, and loose objects are read
  /// through it; the rest libgit2 reads.
  public init(path: String, fileSystem: any FileSystem = POSIXFileSystem()) throws(GitError) {
    try GitCall.prepare()
    var pointer: OpaquePointer?
    let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
    try GitCall.check("open the git repository \(path)", of: "git repository at \(path)") {
      git_repository_open_ext(&pointer, path, flags, nil)
    }
    guard let pointer else { throw .notFound("git repository at \(path)") }
    var database: OpaquePointer?
    defer { git_odb_free(database) }
    do throws(GitError) {
      try GitCall.check("open the git objects", of: "git objects") { git_repository_odb(&database, pointer) }
      try LooseObjects.attach(to: database, folder: path + "/objects", fileSystem: fileSystem)
    } catch {
      git_repository_free(pointer)
      throw error
    }
    self.path = path
    self.fileSystem = fileSystem
    repository = RepositoryPointer(pointer: pointer)
  }

  deinit { git_repository_free(repository.pointer) }

  /// Gives `body` the repository while no other call uses it. Calls must not nest.
  func exclusively<Result: Sendable>(
    _ body: (OpaquePointer) throws(GitError) -> Result
  ) throws(GitError) -> Result {
    try turn.withLock { _ throws(GitError) in try body(repository.pointer) }
  }
}

/// A pointer that is only used while ``GitRepository``'s turn is held.
private struct RepositoryPointer: @unchecked Sendable {
  let pointer: OpaquePointer
}
