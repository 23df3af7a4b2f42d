import Objects
import Records

/// The file of `--skip-invalid`: one JSON line for each row left out, with its place, its reason and its text.
final class RejectReport {
  private let path: String
  private let file: AtomicFile
  private var count = 0
  private var isDone = false

  init(path: String, fileSystem files: any FileSystem) throws {
    self.path = path
    try TargetFile.check(path, for: "the rejected rows", files)
    file = try AtomicFile(
      in: Session.folder(of: path), stem: Session.baseName(path), fileSystem: files)
  }

  func append(_ rejects: [RejectedRow]) throws {
    for reject in rejects {
      count += 1
      let line = JSONValue.object([
        JSONMember("line", .integer(reject.line)), JSONMember("column", .integer(reject.column)),
        JSONMember("byte", .integer(reject.byte)), JSONMember("reason", .string(reject.reason)),
        JSONMember("text", .string(reject.text)),
      ])
      try (CanonicalJSON.encode(line) + [UInt8(ascii: "\n")]).withUnsafeBytes { try file.append($0) }
    }
  }

  /// Makes the file visible and returns how many rows it holds.
  func finish() throws -> Int {
    isDone = true
    try file.commit(as: Session.baseName(path))
    return count
  }

  /// Leaves no file when the import fails.
  func discard() { if !isDone { file.discard() } }
}
