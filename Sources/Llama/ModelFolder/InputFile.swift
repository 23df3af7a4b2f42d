import Glibc

/// A regular file open for reading at any offset.
///
/// Reads use `pread`, not a mapping: a file that shrinks while it is read becomes an error instead of a signal.
final class InputFile: Sendable {
  /// The path as given.
  let path: String
  /// Length in bytes when the file was opened.
  let count: Int
  private let descriptor: Int32

  /// Opens the file; refuses folders, devices and pipes. Throws `FileFailure`.
  init(path: String) throws {
    // O_NONBLOCK keeps a named pipe from blocking the open; it changes nothing for regular files.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileFailure(action: "open", path: path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let failure = FileFailure(action: "inspect", path: path)
      close(descriptor)
      throw failure
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw FileFailure(action: "read", path: path, reason: "it is not a regular file")
    }
    self.path = path
    self.count = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Fills `buffer` with the bytes that start at `offset`. Throws `FileFailure` when the file ends before.
  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws {
    var done = 0
    while done < buffer.count {
      let got = pread(
        descriptor, buffer.baseAddress.map { $0 + done }, min(buffer.count - done, 1 << 30),
        off_t(offset + done))
      if got > 0 {
        done += got
      } else if got == 0 {
        throw FileFailure(
          action: "read", path: path, reason: "it ends at byte \(offset + done); it shrank while it was read")
      } else if errno != EINTR {
        throw FileFailure(action: "read", path: path)
      }
    }
  }

  /// The whole file. Throws `FileFailure` when it is longer than `limit` bytes.
  static func contents(of path: String, limit: Int) throws -> [UInt8] {
    let file = try InputFile(path: path)
    guard file.count <= limit else {
      throw FileFailure(
        action: "read", path: path, reason: "it has \(file.count) bytes; at most \(limit) are accepted here")
    }
    return try file.bytes(at: 0, count: file.count)
  }

  /// `count` bytes from `offset`; the caller has checked them against the file's length.
  func bytes(at offset: Int, count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, initialised in
      try read(
        at: offset,
        into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
      initialised = count
    }
  }
}
