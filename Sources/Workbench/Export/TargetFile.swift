import Glibc
import Objects

/// The place of a file that a verb is to write for the user.
enum TargetFile {
  /// Refuses a place where no new file can take its place by a rename: a folder, or a pipe or device (also behind a
  /// link, as `/dev/stdout` is), which the rename would replace instead of writing into it. A link to a file is
  /// replaced, as git does, and what it points at stays as it is.
  ///
  /// - Throws: ``Failure``.
  static func check(_ path: String, for content: String? = nil, _ files: any FileSystem) throws {
    let hint = content.map { "give the name of a file for \($0)" } ?? "give the name of a file"
    let folder = Session.folder(of: path)
    guard let status = try files.status(folder), status.kind == .directory || status.kind == .symbolicLink
    else {
      throw Failure(.missing, "there is no folder `\(folder)`", hint: "make it first: `mkdir -p \(folder)`")
    }
    switch try files.status(path)?.kind ?? .regular {
    case .regular: return
    case .directory: throw Failure(.usage, "`\(path)` is a folder", hint: hint)
    case .symbolicLink where isReplaceable(path): return
    case .symbolicLink, .other:
      throw Failure(.usage, "`\(path)` is a pipe, a device or leads to one, not a file", hint: hint)
    }
  }

  /// Whether a link leads to a file or nowhere.
  private static func isReplaceable(_ path: String) -> Bool {
    var found = stat()
    return stat(path, &found) != 0 || found.st_mode & S_IFMT == S_IFREG
  }
}
