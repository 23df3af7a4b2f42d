/// Writes a file that a face has made, such as a page.
public struct FileRequest: Sendable {
  /// The file: it appears whole or not at all, compressed when its name ends in .gz or .zst.
  public var file: String

  /// A request.
  public init(_ file: String) { self.file = file }

  /// - Throws: ``Failure``; then the file is as it was.
  public func run(in session: Session, bytes: [UInt8]) throws {
    try Failure.wrapping {
      let file = try ExportFile(session.path(file), fileSystem: session.fileSystem)
      try bytes.withUnsafeBytes { try file.write($0) }
      try file.commit()
    }
  }
}
