import Glibc

/// The system calls a repository is made of.
///
/// The seam for fault injection: everything the store writes goes through one of these methods, in the order in
/// which it must become durable. Implementations are thread-safe. Every method throws ``ObjectsError/system(call:path:code:)``
/// with the cause, retries an interrupted call by itself, and never follows a symbolic link in the last component
/// of a path.
public protocol FileSystem: Sendable {
  /// Opens or creates a file. The caller closes it.
  func open(_ path: String, _ access: FileAccess) throws(ObjectsError) -> OpenFile

  /// Closes a file. Errors are not reported: what matters was synchronized before.
  func close(_ file: OpenFile)

  /// Reads up to `buffer.count` bytes at a byte offset. Returns how many; 0 only at the end of the file.
  func read(_ file: OpenFile, into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(ObjectsError)
    -> Int

  /// Writes at the file's position. Returns how many bytes were taken, at least one.
  func write(_ file: OpenFile, _ bytes: UnsafeRawBufferPointer) throws(ObjectsError) -> Int

  /// Asks for a file's bytes to be written to the disk, without waiting. A hint before several files are
  /// synchronized: the file system then makes them durable together. Failures show in ``synchronize(_:)``.
  func startWriting(_ file: OpenFile)

  /// Makes a file's bytes and length durable. After a failure the bytes count as lost: the call is never repeated.
  func synchronize(_ file: OpenFile) throws(ObjectsError)

  /// Makes a directory's entries durable: a renamed or created file survives power loss only after this.
  func synchronizeDirectory(_ path: String) throws(ObjectsError)

  /// Renames a file within one file system, replacing the target in one step.
  func rename(_ source: String, to target: String) throws(ObjectsError)

  /// Gives a file a second name within one file system. Fails with `EEXIST` when the name is taken.
  func link(_ path: String, to name: String) throws(ObjectsError)

  /// Removes a file (not a directory).
  func remove(_ path: String) throws(ObjectsError)

  /// Cuts or extends an open file to a length in bytes.
  func truncate(_ file: OpenFile, to length: Int) throws(ObjectsError)

  /// Creates one directory. Does nothing when a directory is already there.
  func createDirectory(_ path: String) throws(ObjectsError)

  /// Removes one empty directory. Fails with `ENOTEMPTY` when something is in it.
  func removeDirectory(_ path: String) throws(ObjectsError)

  /// What is in a directory, without `.` and `..`, in no particular order.
  func entries(_ path: String) throws(ObjectsError) -> [DirectoryEntry]

  /// What is at a path, or nil when nothing is. A symbolic link is reported as such.
  func status(_ path: String) throws(ObjectsError) -> FileStatus?

  /// What an open file is now.
  func status(_ file: OpenFile) throws(ObjectsError) -> FileStatus

  /// Tries to take the file's exclusive advisory lock (`flock`) without waiting. False when another open file has
  /// it. The lock ends when the file is closed or its process ends, however it ends.
  func lock(_ file: OpenFile) throws(ObjectsError) -> Bool

  /// Tries to take the file's shared advisory lock (`flock`) without waiting: any number of open files may have it,
  /// and none while another has the exclusive one. The file may be a directory. It ends as the exclusive one does.
  func lockShared(_ file: OpenFile) throws(ObjectsError) -> Bool

  /// Maps the first `length` bytes of a file for reading.
  func map(_ file: OpenFile, length: Int) throws(ObjectsError) -> MappedFile
}

extension FileSystem {
  /// The names in a directory, without `.` and `..`, in no particular order.
  public func list(_ path: String) throws(ObjectsError) -> [String] { try entries(path).map(\.name) }

  /// `flock`, shared and without waiting: a descriptor is all it takes.
  public func lockShared(_ file: OpenFile) throws(ObjectsError) -> Bool {
    while true {
      if flock(file.descriptor, LOCK_SH | LOCK_NB) == 0 { return true }
      switch errno {
      case EINTR: continue
      case EWOULDBLOCK: return false
      default: throw .system(call: "lock", path: file.path, code: errno)
      }
    }
  }

  /// Gives up a file's advisory lock and closes it. Closing alone would leave the lock to a child process that was
  /// forked meanwhile, until it runs its own program.
  public func closeUnlocked(_ file: OpenFile) {
    _ = flock(file.descriptor, LOCK_UN)
    close(file)
  }
}

/// An open file: its descriptor, and its path for messages.
public struct OpenFile: Sendable {
  /// The system's descriptor.
  public let descriptor: Int32
  /// The path it was opened by.
  public let path: String

  /// Wraps a descriptor.
  public init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }
}

/// A name in a directory.
public struct DirectoryEntry: Hashable, Sendable {
  /// The name, without the directory's path.
  public let name: String
  /// What it is, where the file system tells without being asked about each name.
  public let kind: FileStatus.Kind?

  /// An entry of its parts.
  public init(name: String, kind: FileStatus.Kind?) {
    self.name = name
    self.kind = kind
  }
}

/// How a file is opened.
public enum FileAccess: Sendable, Equatable {
  /// For reading; the file must exist.
  case read
  /// For reading and writing; the file must exist.
  case readWrite
  /// For reading and writing; the file is created when absent.
  case readWriteOrCreate
  /// For reading and writing; the file must not exist and is created with these permission bits (less the umask).
  case create(permissions: UInt32)
}

/// What the file system says about a path.
public struct FileStatus: Sendable, Equatable {
  /// The kinds of file a repository cares about.
  public enum Kind: Sendable, Equatable { case regular, directory, symbolicLink, other }

  /// What it is.
  public let kind: Kind
  /// Length in bytes.
  public let length: Int
  /// How many names it has; 0 after its removal while it is open.
  public let links: Int
  /// Last change of its contents, in nanoseconds since 1970.
  public let modified: Int
  /// The file's number in its file system: two names with the same number are one file.
  public let number: UInt64

  /// A status of its parts.
  public init(kind: Kind, length: Int, links: Int, modified: Int, number: UInt64) {
    self.kind = kind
    self.length = length
    self.links = links
    self.modified = modified
    self.number = number
  }
}
