import Objects

/// A file that is read whole: recipes, prompts, seeds, the lock file.
enum SmallFile {
  /// - Throws: ``Failure`` when it is missing, not a regular file or longer than `limit` bytes.
  static func bytes(_ path: String, limit: Int) throws -> [UInt8] {
    let files = POSIXFileSystem()
    guard let status = try files.status(path) else {
      throw Failure(.missing, "there is no file `\(path)`")
    }
    guard status.kind == .regular || status.kind == .symbolicLink else {
      throw Failure(.data, "`\(path)` is not a file")
    }
    guard status.length <= limit else {
      throw Failure(.data, "`\(path)` is larger than \(limit) bytes")
    }
    return try files.contents(of: path, limit: limit)
  }

  static func text(_ path: String, limit: Int) throws -> String {
    guard let text = String(validating: try bytes(path, limit: limit), as: UTF8.self) else {
      throw Failure(.data, "`\(path)` is not valid UTF-8")
    }
    return text
  }
}
