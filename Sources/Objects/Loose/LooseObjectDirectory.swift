import Records

/// The `objects` directory of a git repository, for writing.
public struct LooseObjectDirectory: Sendable {
  private let path: String
  private let fileSystem: any FileSystem

  /// Git takes files of this stem for unfinished objects, and its own cleaning removes old ones.
  private static let stem = "tmp_obj"

  /// An existing directory.
  public init(_ path: String, fileSystem: any FileSystem) {
    self.path = path
    self.fileSystem = fileSystem
  }

  /// Makes objects durable, together. They are written even when files of their names exist: such a file may be
  /// damaged, or the unsynchronized work of a process that died.
  ///
  /// Costs a file synchronization an object and a directory synchronization for each first byte of their ids, and
  /// one more when the first byte is new here.
  public func write(_ objects: [LooseObject]) throws(ObjectsError) {
    var files: [(file: AtomicFile, name: String)] = []
    var hasNewFolder = false
    for object in objects {
      let name = Hex.encode(object.id)
      let folder = "\(path)/\(name.prefix(2))"
      if try fileSystem.status(folder) == nil {
        try fileSystem.createDirectory(folder)
        hasNewFolder = true
      }
      let file = try AtomicFile(in: folder, stem: Self.stem, permissions: 0o444, fileSystem: fileSystem)
      try file.append(object.fileBytes)
      files.append((file, String(name.dropFirst(2))))
    }
    try AtomicFile.commit(files)
    if hasNewFolder { try fileSystem.synchronizeDirectory(path) }
  }
}
