/// A file system between the program and another one: it looks at every call before that one makes it, and at every
/// failure after.
public protocol InterposingFileSystem: FileSystem {
  /// Who makes the calls.
  var real: any FileSystem { get }
  /// Called before each call but ``FileSystem/close(_:)`` and ``FileSystem/startWriting(_:)``, which cannot fail.
  /// What it throws, the call throws.
  func before(_ call: String, _ path: String) throws(ObjectsError)
  /// Called with what a call of the real one throws.
  func after(_ failure: ObjectsError)
}

extension InterposingFileSystem {
  /// The operating system's files.
  public var real: any FileSystem { POSIXFileSystem() }

  public func before(_ call: String, _ path: String) throws(ObjectsError) {}

  public func after(_ failure: ObjectsError) {}

  private func pass<Result>(
    _ call: String, _ path: String, _ make: () throws(ObjectsError) -> Result
  ) throws(ObjectsError) -> Result {
    try before(call, path)
    do throws(ObjectsError) {
      return try make()
    } catch {
      after(error)
      throw error
    }
  }

  public func open(_ path: String, _ access: FileAccess) throws(ObjectsError) -> OpenFile {
    try pass("open", path) { () throws(ObjectsError) in try real.open(path, access) }
  }
  public func close(_ file: OpenFile) { real.close(file) }
  public func read(
    _ file: OpenFile, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(ObjectsError) -> Int {
    try pass("read", file.path) { () throws(ObjectsError) in try real.read(file, into: buffer, at: offset) }
  }
  public func write(_ file: OpenFile, _ bytes: UnsafeRawBufferPointer) throws(ObjectsError) -> Int {
    try pass("write", file.path) { () throws(ObjectsError) in try real.write(file, bytes) }
  }
  public func startWriting(_ file: OpenFile) { real.startWriting(file) }
  public func synchronize(_ file: OpenFile) throws(ObjectsError) {
    try pass("synchronize", file.path) { () throws(ObjectsError) in try real.synchronize(file) }
  }
  public func synchronizeDirectory(_ path: String) throws(ObjectsError) {
    try pass("synchronize directory", path) { () throws(ObjectsError) in try real.synchronizeDirectory(path) }
  }
  public func rename(_ source: String, to target: String) throws(ObjectsError) {
    try pass("rename", target) { () throws(ObjectsError) in try real.rename(source, to: target) }
  }
  public func link(_ path: String, to name: String) throws(ObjectsError) {
    try pass("link", name) { () throws(ObjectsError) in try real.link(path, to: name) }
  }
  public func remove(_ path: String) throws(ObjectsError) {
    try pass("remove", path) { () throws(ObjectsError) in try real.remove(path) }
  }
  public func truncate(_ file: OpenFile, to length: Int) throws(ObjectsError) {
    try pass("truncate", file.path) { () throws(ObjectsError) in try real.truncate(file, to: length) }
  }
  public func createDirectory(_ path: String) throws(ObjectsError) {
    try pass("create directory", path) { () throws(ObjectsError) in try real.createDirectory(path) }
  }
  public func removeDirectory(_ path: String) throws(ObjectsError) {
    try pass("remove directory", path) { () throws(ObjectsError) in try real.removeDirectory(path) }
  }
  public func entries(_ path: String) throws(ObjectsError) -> [DirectoryEntry] {
    try pass("list", path) { () throws(ObjectsError) in try real.entries(path) }
  }
  public func status(_ path: String) throws(ObjectsError) -> FileStatus? {
    try pass("examine", path) { () throws(ObjectsError) in try real.status(path) }
  }
  public func status(_ file: OpenFile) throws(ObjectsError) -> FileStatus {
    try pass("examine", file.path) { () throws(ObjectsError) in try real.status(file) }
  }
  public func lock(_ file: OpenFile) throws(ObjectsError) -> Bool {
    try pass("lock", file.path) { () throws(ObjectsError) in try real.lock(file) }
  }
  public func map(_ file: OpenFile, length: Int) throws(ObjectsError) -> MappedFile {
    try pass("map", file.path) { () throws(ObjectsError) in try real.map(file, length: length) }
  }
}
