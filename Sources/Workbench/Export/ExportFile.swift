import Objects
import Records

/// The file of a checkout or a report: compressed when its name says so, visible only when it is whole.
final class ExportFile {
  private let name: String
  private let file: AtomicFile
  private let sink: CompressingSink
  private var isDone = false
  /// Lines that are not yet written: a call to the system for each would cost more than to make it.
  private var lines: [UInt8] = []
  private static let mostWaiting = 1 << 16

  init(_ path: String, fileSystem files: any FileSystem) throws {
    let folder = Session.folder(of: path)
    name = Session.baseName(path)
    try TargetFile.check(path, files)
    let file = try AtomicFile(in: folder, stem: name, fileSystem: files)
    self.file = file
    sink = try CompressingSink(CompressingSink.compression(forName: name)) { try file.append($0) }
  }

  deinit { if !isDone { file.discard() } }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    try writeLines()
    try sink.write(bytes)
  }

  /// Adds a line of JSON.
  func write(line json: JSONValue) throws {
    CanonicalJSON.append(json, to: &lines)
    lines.append(0x0A)
    if lines.count >= Self.mostWaiting { try writeLines() }
  }

  private func writeLines() throws {
    if lines.isEmpty { return }
    try lines.withUnsafeBytes { try sink.write($0) }
    lines.removeAll(keepingCapacity: true)
  }

  func commit() throws {
    try writeLines()
    try sink.finish()
    isDone = true
    try file.commit(as: name)
  }
}
