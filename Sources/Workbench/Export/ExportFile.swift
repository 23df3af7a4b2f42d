import Objects

/// The file of a checkout: compressed when its name says so, visible only when it is whole.
final class ExportFile {
  private let name: String
  private let file: AtomicFile
  private let sink: CompressingSink
  private var isDone = false

  init(_ path: String, fileSystem files: any FileSystem) throws {
    let folder = Session.folder(of: path)
    name = Session.baseName(path)
    guard let status = try files.status(folder), status.kind == .directory || status.kind == .symbolicLink
    else {
      throw Failure(.missing, "there is no folder `\(folder)`", hint: "make it first: `mkdir -p \(folder)`")
    }
    if let status = try files.status(path), status.kind == .directory {
      throw Failure(.usage, "`\(path)` is a folder", hint: "give the name of a file")
    }
    let file = try AtomicFile(in: folder, stem: name, fileSystem: files)
    self.file = file
    sink = try CompressingSink(CompressingSink.compression(forName: name)) { try file.append($0) }
  }

  deinit { if !isDone { file.discard() } }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    try sink.write(bytes)
  }

  func commit() throws {
    try sink.finish()
    isDone = true
    try file.commit(as: name)
  }
}
