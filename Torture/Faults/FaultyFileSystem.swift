public import Objects
import Synchronization

/// The operating system's files until a given call, which fails; then, if asked, every call fails.
public final class FaultyFileSystem: InterposingFileSystem {
  private let calls = Atomic<Int>(0)
  private let failing: Int
  private let code: Int32
  private let staysBroken: Bool
  private let first = Mutex<(call: String, path: String)?>(nil)

  /// Call number `failing`, from 1, fails with an `errno` value.
  public init(failing: Int, code: Int32, staysBroken: Bool = false) {
    self.failing = failing
    self.code = code
    self.staysBroken = staysBroken
  }

  /// How many calls were made.
  public var count: Int { calls.load(ordering: .relaxed) }

  /// The first call that failed.
  public var failed: (call: String, path: String)? { first.withLock { $0 } }

  public func before(_ call: String, _ path: String) throws(ObjectsError) {
    let number = calls.add(1, ordering: .relaxed).newValue
    if number == failing || staysBroken && number > failing {
      first.withLock { if $0 == nil { $0 = (call, path) } }
      throw .system(call: call, path: path, code: code)
    }
  }

  /// Short writes, as a full disk or a signal makes them.
  public func write(_ file: OpenFile, _ bytes: UnsafeRawBufferPointer) throws(ObjectsError) -> Int {
    try before("write", file.path)
    return try real.write(file, UnsafeRawBufferPointer(rebasing: bytes.prefix(max(1, bytes.count / 2))))
  }
}
