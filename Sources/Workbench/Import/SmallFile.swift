/// A file that is read whole: recipes, prompts, seeds, the lock file.
enum SmallFile {
  /// - Throws: ``Failure`` when it is missing, a folder or longer than `limit` bytes.
  static func bytes(_ path: String, limit: Int) throws -> [UInt8] {
    try bytes(InputFile(path), limit: limit)
  }

  /// The same of a file that is open, such as standard input.
  static func bytes(_ file: InputFile, limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try piece.withUnsafeMutableBytes { try file.read(into: $0) }
      if count == 0 { return bytes }
      bytes += piece[..<count]
      guard bytes.count <= limit else {
        throw Failure(.data, "`\(file.path)` is larger than the \(limit) bytes read of such a file")
      }
    }
  }

  static func text(_ path: String, limit: Int) throws -> String {
    guard let text = String(validating: try bytes(path, limit: limit), as: UTF8.self) else {
      throw Failure(.data, "`\(path)` is not valid UTF-8")
    }
    return text
  }
}
