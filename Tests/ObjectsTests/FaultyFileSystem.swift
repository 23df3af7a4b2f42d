import Synchronization

@testable import Objects

/// The operating system's files until a given call, which fails; then, if asked, every call fails.
final class FaultyFileSystem: FileSystem {
  private let real = POSIXFileSystem()
  private let calls = Atomic<Int>(0)
  private let failing: Int
  private let code: Int32
  private let staysBroken: Bool

  init(failing: Int, code: Int32, staysBroken: Bool = false) {
    self.failing = failing
    self.code = code
    self.staysBroken = staysBroken
  }

  /// How many calls were made.
  var count: Int { calls.load(ordering: .relaxed) }

  private func step(_ call: String, _ path: String) throws(ObjectsError) {
    let number = calls.add(1, ordering: .relaxed).newValue
    if number == failing || staysBroken && number > failing {
      throw .system(call: call, path: path, code: code)
    }
  }

  func open(_ path: String, _ access: FileAccess) throws(ObjectsError) -> OpenFile {
    try step("open", path)
    return try real.open(path, access)
  }
  func close(_ file: OpenFile) { real.close(file) }
  func read(
    _ file: OpenFile, into buffer: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(ObjectsError) -> Int {
    try step("read", file.path)
    return try real.read(file, into: buffer, at: offset)
  }
  func write(_ file: OpenFile, _ bytes: UnsafeRawBufferPointer) throws(ObjectsError) -> Int {
    try step("write", file.path)
    // Short writes, as a full pipe or a signal makes them.
    return try real.write(file, UnsafeRawBufferPointer(rebasing: bytes.prefix(max(1, bytes.count / 2))))
  }
  func startWriting(_ file: OpenFile) { real.startWriting(file) }
  func synchronize(_ file: OpenFile) throws(ObjectsError) {
    try step("synchronize", file.path)
    try real.synchronize(file)
  }
  func synchronizeDirectory(_ path: String) throws(ObjectsError) {
    try step("synchronize directory", path)
    try real.synchronizeDirectory(path)
  }
  func rename(_ source: String, to target: String) throws(ObjectsError) {
    try step("rename", target)
    try real.rename(source, to: target)
  }
  func link(_ path: String, to name: String) throws(ObjectsError) {
    try step("link", name)
    try real.link(path, to: name)
  }
  func remove(_ path: String) throws(ObjectsError) {
    try step("remove", path)
    try real.remove(path)
  }
  func truncate(_ file: OpenFile, to length: Int) throws(ObjectsError) {
    try step("truncate", file.path)
    try real.truncate(file, to: length)
  }
  func createDirectory(_ path: String) throws(ObjectsError) {
    try step("create directory", path)
    try real.createDirectory(path)
  }
  func removeDirectory(_ path: String) throws(ObjectsError) {
    try step("remove directory", path)
    try real.removeDirectory(path)
  }
  func list(_ path: String) throws(ObjectsError) -> [String] {
    try step("list", path)
    return try real.list(path)
  }
  func status(_ path: String) throws(ObjectsError) -> FileStatus? {
    try step("examine", path)
    return try real.status(path)
  }
  func status(_ file: OpenFile) throws(ObjectsError) -> FileStatus {
    try step("examine", file.path)
    return try real.status(file)
  }
  func lock(_ file: OpenFile) throws(ObjectsError) -> Bool {
    try step("lock", file.path)
    return try real.lock(file)
  }
  func map(_ file: OpenFile, length: Int) throws(ObjectsError) -> MappedFile {
    try step("map", file.path)
    return try real.map(file, length: length)
  }
}
