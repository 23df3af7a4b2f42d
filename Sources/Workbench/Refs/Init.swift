import History
import Objects

/// Makes a repository.
public struct InitRequest: Sendable {
  /// The folder, made when it does not exist.
  public var folder: String

  /// A request.
  public init(folder: String) { self.folder = folder }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> InitResult {
    try Failure.wrapping {
      let path = session.path(folder)
      let (repository, created) = try Repository.create(at: path, fileSystem: POSIXFileSystem())
      return InitResult(repository: repository.path, branch: try repository.head().branchName, created: created)
    }
  }
}

/// What `init` did.
public struct InitResult: Sendable {
  /// The path of `.mdata`.
  public var repository: String
  /// The branch commits go to.
  public var branch: String
  /// Whether it is new.
  public var created: Bool
}
