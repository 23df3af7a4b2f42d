import Glibc
public import Records

/// What can go wrong with files, packs, locks and compressed streams.
public enum ObjectsError: Error, Equatable, Sendable {
  /// A system call failed with an `errno` value.
  case system(call: String, path: String, code: Int32)
  /// There is something else where a regular file or a folder must be: a link, a pipe, a device.
  case notAFile(path: String, FileStatus.Kind)
  /// A file is longer than its reader allows.
  case fileTooLong(path: String, bytes: Int, limit: Int)
  /// A file is not as long after writing as what was written to it.
  case incompleteWrite(path: String, expected: Int, found: Int)
  /// No pack holds the object, and no pack's index is damaged.
  case missing(ObjectID, ObjectKind)
  /// The object's entry exists, and its bytes are not the object's.
  case damagedObject(ObjectID, ObjectKind, path: String, offset: Int, reason: String)
  /// A pack is damaged outside its entries, or an entry cannot be told apart.
  case damagedPack(path: String, offset: Int, reason: String)
  /// A pack was written by a later version of this program.
  case unsupportedPack(path: String, version: UInt8)
  /// An object is larger than packs allow.
  case objectTooLarge(ObjectKind, bytes: Int, limit: Int)
  /// libzstd refused to compress.
  case compression(reason: String)
  /// A compressed input is cut off or altered; offsets count compressed bytes from 0.
  case damagedStream(name: String, offset: Int, reason: String)
  /// Another process holds the repository's lock.
  case locked(path: String, holder: String)
}

extension ObjectsError {
  /// Whether the system would not give what is there: a failing disk, a missing permission, too many open files. Any
  /// other error (no such file, a folder in its place) is about what is there.
  public var isRefusal: Bool {
    guard case .system(_, _, let code) = self else { return false }
    return switch code {
    case EIO, EACCES, EPERM, EMFILE, ENFILE, ENOMEM, ENOSPC, EDQUOT, ESTALE, ETIMEDOUT: true
    default: false
    }
  }
}

extension ObjectsError: CustomStringConvertible {
  /// One sentence: what, where, and what to do.
  public var description: String {
    switch self {
    case .system(let call, let path, let code):
      "cannot \(call) \(path): \(String(cString: strerror(code)))"
    case .notAFile(let path, let kind):
      switch kind {
      case .symbolicLink: "\(path) is a symbolic link, and a repository has none: put the file itself there"
      case .directory: "\(path) is a folder where a file must be"
      case .regular: "\(path) is a file where a folder must be"
      case .other: "\(path) is a pipe, socket or device where a file must be"
      }
    case .fileTooLong(let path, let bytes, let limit):
      "\(path) has \(bytes) bytes, and at most \(limit) are read: it is not a file of this program"
    case .incompleteWrite(let path, let expected, let found):
      "\(path) has \(found) bytes after writing \(expected): the disk or file system lost some; nothing was changed"
    case .missing(let id, let kind):
      "the \(kind.rawValue) \(id) is in no pack: fetch it from a remote or restore the missing pack"
    case .damagedObject(let id, let kind, let path, let offset, let reason):
      "the \(kind.rawValue) \(id) at byte \(offset) of \(path) is damaged (\(reason)): "
        + "add or fetch the same content again, or restore the pack"
    case .damagedPack(let path, let offset, let reason):
      "\(path) is damaged at byte \(offset) (\(reason)): restore it from a copy or fetch its objects again"
    case .unsupportedPack(let path, let version):
      "\(path) has pack format \(version), and this program reads format \(PackFormat.version): use a newer mdata"
    case .objectTooLarge(let kind, let bytes, let limit):
      "a \(kind.rawValue) of \(bytes) bytes is over the limit of \(limit): split it"
    case .compression(let reason):
      "libzstd could not compress: \(reason)"
    case .damagedStream(let name, let offset, let reason):
      "\(name) is damaged at compressed byte \(offset): \(reason)"
    case .locked(let path, let holder):
      "\(path) is held by \(holder): wait for it to end and try again"
    }
  }
}
