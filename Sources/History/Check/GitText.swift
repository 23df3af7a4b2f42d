import Objects
import Records

/// The texts of git's objects (git's documentation, gitformat and `git cat-file`): read without libgit2, so that they
/// can be looked at in a repository that it does not open.
enum GitText {
  /// What a commit object says that matters here.
  struct CommitText {
    let tree: CommitID
    let parents: [CommitID]
  }

  /// One entry of a tree object.
  struct TreeItem {
    let name: [UInt8]
    let isFolder: Bool
    let id: CommitID
  }

  /// Reads a commit: `tree`, any number of `parent`, `author`, `committer`. Nil for anything else.
  static func commit(_ bytes: [UInt8]) -> CommitText? {
    var tree: CommitID?
    var parents: [CommitID] = []
    var hasAuthor = false
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      if line.isEmpty { break }
      if line.starts(with: "tree ".utf8), tree == nil {
        guard let id = CommitID(hex: String(decoding: line.dropFirst(5), as: UTF8.self)) else { return nil }
        tree = id
      } else if line.starts(with: "parent ".utf8) {
        guard let id = CommitID(hex: String(decoding: line.dropFirst(7), as: UTF8.self)) else { return nil }
        parents.append(id)
      } else if line.starts(with: "author ".utf8) {
        hasAuthor = true
      }
    }
    guard let tree, hasAuthor else { return nil }
    return CommitText(tree: tree, parents: parents)
  }

  /// Reads the object that an annotated tag names.
  static func taggedObject(_ bytes: [UInt8]) -> CommitID? {
    let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
    guard line.starts(with: "object ".utf8) else { return nil }
    return CommitID(hex: String(decoding: line.dropFirst(7), as: UTF8.self))
  }

  /// Reads a tree: mode, space, name, NUL, 20 bytes, again and again. Nil for anything else.
  static func tree(_ bytes: [UInt8]) -> [TreeItem]? {
    var items: [TreeItem] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      guard let space = rest.firstIndex(of: UInt8(ascii: " ")), let end = rest[space...].firstIndex(of: 0),
        rest.distance(from: end, to: rest.endIndex) > CommitID.byteCount,
        let id = CommitID(bytes: rest[(end + 1)..<(end + 1 + CommitID.byteCount)])
      else { return nil }
      let mode = rest[..<space]
      items.append(
        TreeItem(
          name: Array(rest[(space + 1)..<end]), isFolder: mode.elementsEqual("40000".utf8), id: id))
      rest = rest[(end + 1 + CommitID.byteCount)...]
    }
    return items
  }

  /// Why a loose object's file is not the one of its id; nil when it is.
  static func flaw(ofLoose file: [UInt8], id: CommitID) -> String? {
    if file.isEmpty { return "it is empty" }
    guard let (bytes, isWhole) = Zlib.inflate(file, limit: looseLimit) else {
      return "it is not a zlib stream"
    }
    guard SHA1.digest(bytes) == id.bytes else {
      return "its bytes have the id \(Hex.encode(SHA1.digest(bytes)))"
    }
    return isWhole ? nil : "it is not one whole zlib stream"
  }

  /// The header and content of a loose object whose file is damaged, when they can still be had and hash to its id: the
  /// damage is behind the content, or it is one flipped bit of a small file.
  static func salvaged(fromLoose file: [UInt8], id: CommitID) -> [UInt8]? {
    func proven(_ file: [UInt8]) -> [UInt8]? {
      guard let (bytes, _) = Zlib.inflate(file, limit: looseLimit), SHA1.digest(bytes) == id.bytes else {
        return nil
      }
      return bytes
    }
    if let bytes = proven(file) { return bytes }
    guard file.count <= 4096 else { return nil }
    var trial = file
    for position in file.indices {
      for bit in 0..<8 {
        trial[position] ^= 1 << UInt8(bit)
        if let bytes = proven(trial) { return bytes }
        trial[position] ^= 1 << UInt8(bit)
      }
    }
    return nil
  }

  /// The longest object that is read, in bytes.
  static let looseLimit = 64 << 20
}

/// Why a file of the git repository is damaged.
struct GitFlaw: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}
