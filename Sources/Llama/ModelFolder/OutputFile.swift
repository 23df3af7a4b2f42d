import Glibc

/// A file that appears under its name only when it is complete: bytes go to a temporary sibling, which is
/// synced and renamed by `finish()`. Dropped without `finish()`, it leaves nothing behind.
final class OutputFile {
  private let path: String
  private let temporaryPath: String
  private var descriptor: Int32

  /// Creates the temporary sibling `path + ".part"`, replacing one a dead process left. Throws `FileFailure`.
  init(path: String) throws {
    self.path = path
    self.temporaryPath = path + ".part"
    unlink(temporaryPath)
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileFailure(action: "create", path: temporaryPath) }
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporaryPath)
  }

  /// Appends the bytes. Throws `FileFailure`.
  func write(_ bytes: UnsafeRawBufferPointer) throws {
    let systemWrite = Glibc.write
    var done = 0
    while done < bytes.count {
      let put = systemWrite(descriptor, bytes.baseAddress.map { $0 + done }, min(bytes.count - done, 1 << 30))
      if put > 0 {
        done += put
      } else if put < 0 && errno != EINTR {
        throw FileFailure(action: "write", path: temporaryPath)
      }
    }
  }

  /// Makes the file durable and visible: fsync, rename, fsync of the folder. Throws `FileFailure`.
  func finish() throws {
    guard fsync(descriptor) == 0 else { throw FileFailure(action: "sync", path: temporaryPath) }
    guard close(descriptor) == 0 else {
      descriptor = -1
      unlink(temporaryPath)
      throw FileFailure(action: "close", path: temporaryPath)
    }
    descriptor = -1
    guard rename(temporaryPath, path) == 0 else {
      let failure = FileFailure(action: "rename to", path: path)
      unlink(temporaryPath)
      throw failure
    }
    let folder = open(parentFolder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw FileFailure(action: "open the folder of", path: path) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw FileFailure(action: "sync the folder of", path: path) }
  }

  /// Writes one file of these bytes.
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    let file = try OutputFile(path: path)
    try bytes.withUnsafeBytes { try file.write($0) }
    try file.finish()
  }
}

/// The part of a path before its last slash; "." when there is none.
func parentFolder(of path: String) -> String {
  let bytes = Array(path.utf8)
  guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
}
