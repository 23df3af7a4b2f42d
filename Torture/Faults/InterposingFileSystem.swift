public import Objects

/// A file system that looks at every call before another one makes it.
public protocol InterposingFileSystem: FileSystem {
  /// Who makes the calls.
  var real: POSIXFileSystem { get }
  /// Called before each call but ``FileSystem/close(_:)`` and ``FileSystem/startWriting(_:)``, which cannot fail.
  /// What it throws, the call throws.
  func before(_ call: String, _ path: String) throws(ObjectsError)
}

extension InterposingFileSystem {
  public var real: POSIXFileSystem { POSIXFileSystem() }

  public func open(_ path: String, _ access: FileAccess) throws(ObjectsError) -> OpenFile {
    try before("open", path)
    return try real.open(path, access)
  }
  public func close(_ file: OpenFile) { real.close(file) }
  public func read(
    _ file: OpenFile, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(ObjectsError) -> Int {
    try before("read", file.path)
    return try real.read(file, into: buffer, at: offset)
  }
  public func write(_ file: OpenFile, _ bytes: UnsafeRawBufferPointer) throws(ObjectsError) -> Int {
    try before("write", file.path)
    return try real.write(file, bytes)
  }
  public func startWriting(_ file: OpenFile) { real.startWriting(file) }
  public func synchronize(_ file: OpenFile) throws(ObjectsError) {
    try before("synchronize", file.path)
    try real.synchronize(file)
  }
  public func synchronizeDirectory(_ path: String) throws(ObjectsError) {
    try before("synchronize directory", path)
    try real.synchronizeDirectory(path)
  }
  public func rename(_ source: String, to target: String) throws(ObjectsError) {
    try before("rename", target)
    try real.rename(source, to: target)
  }
  public func link(_ path: String, to name: String) throws(ObjectsError) {
    try before("link", name)
    try real.link(path, to: name)
  }
  public func remove(_ path: String) throws(ObjectsError) {
    try before("remove", path)
    try real.remove(path)
  }
  public func truncate(_ file: OpenFile, to length: Int) throws(ObjectsError) {
    try before("truncate", file.path)
    try real.truncate(file, to: length)
  }
  public func createDirectory(_ path: String) throws(ObjectsError) {
    try before("create directory", path)
    try real.createDirectory(path)
  }
  public func removeDirectory(_ path: String) throws(ObjectsError) {
    try before("remove directory", path)
    try real.removeDirectory(path)
  }
  public func entries(_ path: String) throws(ObjectsError) -> [DirectoryEntry] {
    try before("list", path)
    return try real.entries(path)
  }
  public func status(_ path: String) throws(ObjectsError) -> FileStatus? {
    try before("examine", path)
    return try real.status(path)
  }
  public func status(_ file: OpenFile) throws(ObjectsError) -> FileStatus {
    try before("examine", file.path)
    return try real.status(file)
  }
  public func lock(_ file: OpenFile) throws(ObjectsError) -> Bool {
    try before("lock", file.path)
    return try real.lock(file)
  }
  public func map(_ file: OpenFile, length: Int) throws(ObjectsError) -> MappedFile {
    try before("map", file.path)
    return try real.map(file, length: length)
  }
}
