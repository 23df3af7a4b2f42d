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
      let folder = session.path(folder)
      let files = session.fileSystem
      if let status = try files.status(folder), status.kind == .regular {
        throw Failure(
          .usage, "`\(self.folder)` is a file", hint: "give the name of a folder, new or existing")
      }
      let status = try files.status(Session.folder(of: folder))
      guard let status, status.kind != .regular else {
        let parent = Session.folder(of: self.folder)
        if status != nil {
          throw Failure(.usage, "`\(parent)` is a file", hint: "give the name of a folder, new or existing")
        }
        throw Failure(
          .missing, "there is no folder `\(parent)` to make `\(self.folder)` in",
          hint: "make it first: `mkdir -p \(parent)`")
      }
      if try files.status(folder) == nil {
        try files.createDirectory(folder)
        try files.synchronizeName(of: folder)
      }
      let path = (folder.hasSuffix("/") ? String(folder.dropLast()) : folder) + "/" + Repository.folderName
      let repository: Repository
      var created = true
      do {
        repository = try Repository.create(at: path, fileSystem: files)
      } catch HistoryError.alreadyExists {
        repository = try Repository(path: path, fileSystem: files)
        created = false
      }
      return InitResult(repository: path, branch: try repository.head().branch?.short ?? "", created: created)
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
