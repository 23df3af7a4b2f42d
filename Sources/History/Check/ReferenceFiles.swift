import Objects
import Records

/// Branches, tags and HEAD as their files say, read without libgit2.
struct ReferenceFiles {
  /// One reference.
  struct Entry {
    /// Its file, by the path in the repository.
    let path: String
    /// 40 hex digits or a reference's name; nil when the file says neither.
    let value: String?
    /// Why there is no value.
    let reason: String
  }

  /// By full name.
  private(set) var entries: [String: Entry] = [:]

  /// Reads the reference of a file: 40 digits or `ref: NAME`, and a line end.
  mutating func add(_ name: String, path: String, _ bytes: [UInt8]) {
    entries[name] = Self.entry(path, bytes, isHead: name == "HEAD")
  }

  /// Notes a file that the system does not give.
  mutating func add(_ name: String, path: String, unreadable reason: String) {
    entries[name] = Entry(path: path, value: nil, reason: reason)
  }

  private static func entry(_ path: String, _ bytes: [UInt8], isHead: Bool) -> Entry {
    func damaged(_ reason: String) -> Entry { Entry(path: path, value: nil, reason: reason) }
    if bytes.isEmpty { return damaged("it is empty") }
    guard bytes.last == UInt8(ascii: "\n"), bytes.allSatisfy({ $0 == 0x0a || $0 >= 0x20 && $0 < 0x7f }) else {
      return damaged("it is not one line of text")
    }
    let text = String(decoding: bytes.dropLast(), as: UTF8.self)
    if isHead, text.hasPrefix("ref: "), let name = try? RefName(full: String(text.dropFirst(5))),
      name.branchName != nil
    {
      return Entry(path: path, value: name.full, reason: "")
    }
    guard text.utf8.count == 40, let id = CommitID(hex: text), id.hex.utf8.elementsEqual(text.utf8) else {
      return damaged(isHead ? "it names no branch and no commit" : "it does not hold a commit's 40 digits")
    }
    return Entry(path: path, value: id.hex, reason: "")
  }

  /// Reads git's `packed-refs`; a loose file comes before it. Returns the first line that is malformed.
  mutating func add(packed bytes: [UInt8], path: String) -> String? {
    var flaw: String?
    for line in bytes.split(separator: 0x0a) {
      if line.first == UInt8(ascii: "#") || line.first == UInt8(ascii: "^") { continue }
      let text = String(decoding: line, as: UTF8.self)
      guard text.utf8.count > 41, let id = CommitID(hex: String(text.prefix(40))),
        text.dropFirst(40).first == " "
      else {
        flaw = flaw ?? text
        continue
      }
      let name = String(text.dropFirst(41))
      if entries[name] == nil { entries[name] = Entry(path: path, value: id.hex, reason: "") }
    }
    return flaw
  }
}
