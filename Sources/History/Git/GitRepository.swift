import CGit2
import Glibc
import Synchronization

/// The inner bare git repository: the commit graph and the references, never records. Safe to use from several
/// threads; calls wait for each other.
public final class GitRepository: Sendable {
  /// The repository's folder.
  public let path: String
  private let repository: RepositoryPointer
  private let turn = Mutex(())

  /// Creates an empty bare repository with the initial branch `main`, or completes one whose creation was
  /// interrupted. What is there already stays.
  public static func create(at path: String) throws(GitError) -> GitRepository {
    try GitCall.prepare()
    var pointer: OpaquePointer?
    var options = git_repository_init_options()
    git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
    options.flags = GIT_REPOSITORY_INIT_BARE.rawValue | GIT_REPOSITORY_INIT_MKPATH.rawValue
    let head = strdup("main")
    defer { free(head) }
    options.initial_head = UnsafePointer(head)
    try GitCall.check("create the git repository \(path)", of: path) {
      git_repository_init_ext(&pointer, path, &options)
    }
    guard let pointer else {
      throw .refused("create the git repository \(path)", code: 0, text: "nothing was made")
    }
    return GitRepository(path: path, pointer: pointer)
  }

  /// Opens the repository in exactly this folder.
  public init(path: String) throws(GitError) {
    try GitCall.prepare()
    var pointer: OpaquePointer?
    let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
    try GitCall.check("open the git repository \(path)", of: "git repository at \(path)") {
      git_repository_open_ext(&pointer, path, flags, nil)
    }
    guard let pointer else { throw .notFound("git repository at \(path)") }
    self.path = path
    repository = RepositoryPointer(pointer: pointer)
  }

  private init(path: String, pointer: OpaquePointer) {
    self.path = path
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
