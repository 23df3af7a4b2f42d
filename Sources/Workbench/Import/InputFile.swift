import Glibc
import Objects

/// A file of the user's, open for reading. Unlike the repository's own files it may be reached through symbolic
/// links, and it may be a pipe.
final class InputFile {
  let path: String
  private let descriptor: Int32
  private let isOwned: Bool

  /// - Throws: ``Failure`` naming the path when it cannot be opened or is a folder.
  init(_ path: String) throws {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Self.failure("open", path, errno) }
    self.descriptor = descriptor
    isOwned = true
    var status = stat()
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
      throw Failure(.data, "`\(path)` is a folder, not a file", hint: "give the files in it: `\(path)/*`")
    }
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
  }

  /// A descriptor that somebody else closes, such as standard input.
  init(descriptor: Int32, named name: String) {
    path = name
    self.descriptor = descriptor
    isOwned = false
  }

  deinit { if isOwned { close(descriptor) } }

  /// Fills a part of the buffer and returns how much: 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw Self.failure("read", path, errno) }
    }
  }

  private static func failure(_ action: String, _ path: String, _ code: Int32) -> Failure {
    let reason = String(cString: strerror(code))
    let kind: Failure.Kind = code == ENOENT || code == ENOTDIR ? .missing : code == EACCES ? .denied : .io
    var failure = Failure(kind, "cannot \(action) `\(path)`: \(reason)")
    if code == ENOENT {
      let names = (try? POSIXFileSystem().list(Session.folder(of: path))) ?? []
      let near = Suggestion.closest(
        to: Session.baseName(path), among: names.sorted().filter { !$0.hasPrefix(".") })
      failure.hints.append(
        near.map { "did you mean `\($0)`?" }
          ?? "give the path of a file that exists; relative paths begin where mdata runs")
    }
    return failure
  }
}
