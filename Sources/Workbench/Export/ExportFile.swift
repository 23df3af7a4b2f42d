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
    try TargetFile.check(path, files)
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
