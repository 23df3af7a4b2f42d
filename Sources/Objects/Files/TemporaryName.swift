import Glibc

/// The names of files being written: `<stem>.tmp<number>`. No finished file of a repository has such a name.
public enum TemporaryName {
  /// How many names are tried before a directory counts as full of leftovers.
  static let limit = 10_000
  /// The system's code for a name that is taken.
  static let exists = EEXIST

  static func name(stem: String, number: Int) -> String { "\(stem).tmp\(number)" }

  /// Whether a name in a directory is that of a file being written, or of a dead process's leftover.
  public static func matches(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard let dot = bytes.lastIndex(of: UInt8(ascii: ".")), bytes.count > dot + 4 else { return false }
    return bytes[(dot + 1)...].starts(with: "tmp".utf8)
      && bytes[(dot + 4)...].allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
  }
}

extension FileSystem {
  /// Removes the files that dead processes left half written in a directory. Returns their names. A file that a
  /// living process is writing is locked, and stays.
  @discardableResult
  public func removeLeftovers(in directory: String) throws(ObjectsError) -> [String] {
    var removed: [String] = []
    for name in try list(directory).sorted() where TemporaryName.matches(name) {
      let path = "\(directory)/\(name)"
      let file: OpenFile
      do throws(ObjectsError) {
        file = try open(path, .read)
      } catch .system(_, _, let code) where code == ENOENT {
        continue
      }
      defer { close(file) }
      if try lock(file) {
        try remove(path)
        removed.append(name)
      }
    }
    return removed
  }
}
