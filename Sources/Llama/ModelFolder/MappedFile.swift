import Glibc

/// A regular file in memory without being read: its pages come when they are looked at, and go when memory is short.
///
/// A file that shrinks meanwhile ends the process at the pages that are gone; whoever writes models puts a new file in
/// the old one's place, as `OutputFile` does.
final class MappedFile: @unchecked Sendable {  // immutable after init
  /// The path as given.
  let path: String
  /// All bytes.
  let bytes: UnsafeRawBufferPointer

  /// Maps the file; refuses folders, devices and pipes. Throws `FileFailure`.
  init(path: String) throws {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileFailure(action: "open", path: path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileFailure(action: "inspect", path: path) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw FileFailure(action: "read", path: path, reason: "it is not a regular file")
    }
    guard status.st_size > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let start = mmap(nil, Int(status.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let start, start != MAP_FAILED else { throw FileFailure(action: "map", path: path) }
    bytes = UnsafeRawBufferPointer(start: start, count: Int(status.st_size))
  }

  deinit {
    guard let start = bytes.baseAddress else { return }
    munmap(UnsafeMutableRawPointer(mutating: start), bytes.count)
  }
}
