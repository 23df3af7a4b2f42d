public import Objects
import Synchronization

/// One change of a disk, in the order in which the program asked for it.
public enum DiskEvent: Sendable {
  /// A file was opened; with `creates`, under a name that was free.
  case open(handle: Int, path: String, creates: Bool)
  case write(handle: Int, offset: Int, bytes: [UInt8])
  case truncate(handle: Int, length: Int)
  case synchronize(handle: Int)
  case synchronizeDirectory(String)
  case rename(String, to: String)
  case link(String, to: String)
  case remove(String)
  case createDirectory(String)
  case removeDirectory(String)
}

/// The operating system's files, with a record of every change. Paths in the record are relative to `root`.
public final class RecordingFileSystem: InterposingFileSystem {
  private struct State {
    var events: [DiskEvent] = []
    var handles: [Int32: (number: Int, position: Int)] = [:]
    var next = 0
  }

  private let root: String
  private let state = Mutex(State())

  public init(root: String) { self.root = root }

  /// What was recorded so far.
  public var events: [DiskEvent] { state.withLock { $0.events } }

  public func before(_ call: String, _ path: String) {}

  private func relative(_ path: String) -> String {
    var path = path[...]
    if path.hasPrefix(root) { path = path.dropFirst(root.count) }
    return String(path.drop { $0 == "/" })
  }

  private func record(_ event: DiskEvent) { state.withLock { $0.events.append(event) } }

  public func open(_ path: String, _ access: FileAccess) throws(ObjectsError) -> OpenFile {
    let existed = try real.status(path) != nil
    let file = try real.open(path, access)
    guard access != .read else { return file }
    state.withLock { state in
      state.handles[file.descriptor] = (state.next, 0)
      state.events.append(.open(handle: state.next, path: relative(path), creates: !existed))
      state.next += 1
    }
    return file
  }

  public func write(_ file: OpenFile, _ bytes: UnsafeRawBufferPointer) throws(ObjectsError) -> Int {
    let count = try real.write(file, bytes)
    state.withLock { state in
      guard let handle = state.handles[file.descriptor] else { return }
      state.events.append(
        .write(handle: handle.number, offset: handle.position, bytes: Array(bytes.prefix(count))))
      state.handles[file.descriptor]?.position += count
    }
    return count
  }

  public func truncate(_ file: OpenFile, to length: Int) throws(ObjectsError) {
    try real.truncate(file, to: length)
    state.withLock { state in
      guard let handle = state.handles[file.descriptor] else { return }
      state.events.append(.truncate(handle: handle.number, length: length))
    }
  }

  public func synchronize(_ file: OpenFile) throws(ObjectsError) {
    state.withLock { state in
      guard let handle = state.handles[file.descriptor] else { return }
      state.events.append(.synchronize(handle: handle.number))
    }
  }

  // Nothing needs to be durable here: the record says what would be.
  public func synchronizeDirectory(_ path: String) throws(ObjectsError) {
    record(.synchronizeDirectory(relative(path)))
  }

  public func rename(_ source: String, to target: String) throws(ObjectsError) {
    try real.rename(source, to: target)
    record(.rename(relative(source), to: relative(target)))
  }

  public func link(_ path: String, to name: String) throws(ObjectsError) {
    try real.link(path, to: name)
    record(.link(relative(path), to: relative(name)))
  }

  public func remove(_ path: String) throws(ObjectsError) {
    try real.remove(path)
    record(.remove(relative(path)))
  }

  public func createDirectory(_ path: String) throws(ObjectsError) {
    let existed = try real.status(path) != nil
    try real.createDirectory(path)
    if !existed { record(.createDirectory(relative(path))) }
  }

  public func removeDirectory(_ path: String) throws(ObjectsError) {
    try real.removeDirectory(path)
    record(.removeDirectory(relative(path)))
  }
}
