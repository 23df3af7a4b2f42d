import CGit2
import Records

extension GitRepository {
  /// A revision that was understood: the commit, and the branch or tag that was named, if one was.
  public struct Revision: Hashable, Sendable {
    /// The commit.
    public let commit: CommitID
    /// The branch, tag or HEAD whose own commit it is; nil when ids or ancestors were asked for.
    public let name: RefName?
  }

  /// Understands a revision: `HEAD`, a branch, a tag, `branch:NAME`, `tag:NAME`, a full commit id or a unique
  /// prefix of at least four hex digits, the full id of an annotated tag's object, each followed by any number of `~n` (the n-th first parent), `^` (the
  /// first parent) and `^n` (the n-th parent). Nothing else of git's syntax is taken.
  ///
  /// - Throws: ``GitError/badRevision(_:_:candidates:)`` with what may have been meant.
  public func resolve(_ text: String) throws(GitError) -> Revision {
    let bytes = Array(text.utf8)
    let end = bytes.firstIndex { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "^") } ?? bytes.count
    let base = try named(String(decoding: bytes[..<end], as: UTF8.self), in: text)
    guard end < bytes.count else { return base }
    var commit = base.commit
    var rest = bytes[end...]
    while let sign = rest.popFirst() {
      let digits = rest.prefix { $0.isDigit }
      rest = rest.dropFirst(digits.count)
      guard digits.count <= 6,
        let number = Int(digits.isEmpty ? "1" : String(decoding: digits, as: UTF8.self))
      else {
        throw .badRevision(
          text, "the number after `\(Character(UnicodeScalar(sign)))` is too large", candidates: [])
      }
      switch sign {
      case UInt8(ascii: "~"):
        for _ in 0..<number { commit = try parent(1, of: commit, in: text) }
      case UInt8(ascii: "^"):
        if number > 0 { commit = try parent(number, of: commit, in: text) }
      default:
        throw .badRevision(text, "only `~n` and `^n` may follow a name", candidates: [])
      }
    }
    return Revision(commit: commit, name: nil)
  }

  private func parent(_ number: Int, of id: CommitID, in text: String) throws(GitError) -> CommitID {
    let parents = try commit(id).parents
    guard number <= parents.count else {
      let count = parents.count == 1 ? "1 parent" : "\(parents.count) parents"
      throw .badRevision(text, "commit \(id.hex.prefix(8)) has \(count)", candidates: [])
    }
    return parents[number - 1]
  }

  private func named(_ name: String, in text: String) throws(GitError) -> Revision {
    guard !name.isEmpty else { throw .badRevision(text, "it is empty", candidates: []) }
    if name.utf8.elementsEqual("HEAD".utf8) {
      guard let id = try commit(at: .head) else {
        throw .badRevision(text, "there is no commit yet", candidates: [])
      }
      return Revision(commit: id, name: .head)
    }
    if let id = CommitID(hex: name) {
      guard let commit = try versionIfPresent(id) else {
        throw .badRevision(text, "there is no such commit", candidates: [])
      }
      return Revision(commit: commit, name: nil)
    }
    var wanted: [RefName] = []
    if name.hasPrefix("branch:") {
      wanted = [try .branch(String(name.dropFirst(7)))]
    } else if name.hasPrefix("tag:") {
      wanted = [try .tag(String(name.dropFirst(4)))]
    } else if let branch = try? RefName.branch(name), let tag = try? RefName.tag(name) {
      wanted = [branch, tag]
    }
    var found: [Revision] = []
    for reference in wanted {
      if let id = try commit(at: reference) { found.append(Revision(commit: id, name: reference)) }
    }
    if found.count == 2 {
      if found[0].commit == found[1].commit { return found[0] }
      throw .badRevision(
        text, "it is a branch and a tag of different commits", candidates: ["branch:\(name)", "tag:\(name)"])
    }
    if let only = found.first { return only }
    if name.utf8.count >= 4, name.utf8.count < 2 * CommitID.byteCount,
      name.utf8.allSatisfy({ Hex.value(of: $0) != nil })
    {
      let ids = try commits(hexPrefix: name)
      if ids.count == 1 { return Revision(commit: ids[0], name: nil) }
      if ids.count > 1 {
        throw .badRevision(
          text, "several commits begin with it", candidates: ids.map { String($0.hex.prefix(12)) })
      }
    }
    throw .badRevision(text, "there is no such branch, tag or commit", candidates: try similarNames(to: name))
  }

  /// All commits whose id begins with at least four hex digits, in order.
  public func commits(hexPrefix: String) throws(GitError) -> [CommitID] {
    let digits = hexPrefix.utf8.compactMap { Hex.value(of: $0) }
    guard digits.count == hexPrefix.utf8.count, (4...2 * CommitID.byteCount).contains(digits.count) else {
      return []
    }
    return try exclusively { repository throws(GitError) in
      var odb: OpaquePointer?
      defer { git_odb_free(odb) }
      try GitCall.check("open the git objects", of: "git objects") { git_repository_odb(&odb, repository) }
      var prefix = git_oid()
      guard git_oid_fromstrn(&prefix, hexPrefix, digits.count) == 0 else { return [] }
      var found = git_oid()
      do throws(GitError) {
        try GitCall.check("look for \(hexPrefix)", of: hexPrefix) {
          git_odb_exists_prefix(&found, odb, &prefix, digits.count)
        }
        return Self.isCommit(found, odb) ? [CommitID(found)] : []
      } catch {
        switch error {
        case .notFound: return []
        case .refused(_, GIT_EAMBIGUOUS.rawValue, _): break
        default: throw error
        }
      }
      // Only an ambiguous prefix pays for a walk over all objects.
      var search = PrefixSearch(digits: digits)
      try withUnsafeMutablePointer(to: &search) { pointer in
        Result { () throws(GitError) in
          _ = try GitCall.check("list the git objects", of: "git objects") {
            git_odb_foreach(
              odb,
              { id, search in
                guard let id, let search = search?.assumingMemoryBound(to: PrefixSearch.self) else {
                  return 0
                }
                search.pointee.visit(CommitID(id.pointee))
                return 0
              }, pointer)
          }
        }
      }.get()
      return search.found.filter { Self.isCommit($0.oid, odb) }.sorted()
    }
  }

  private static func isCommit(_ id: git_oid, _ odb: OpaquePointer?) -> Bool {
    var oid = id
    var length = 0
    var type = GIT_OBJECT_INVALID
    return git_odb_read_header(&length, &type, odb, &oid) == 0 && type == GIT_OBJECT_COMMIT
  }

  /// The shortest prefix of a commit id, of at least eight digits, that no other git object begins with.
  public func shortHex(_ id: CommitID) throws(GitError) -> String {
    try exclusively { repository throws(GitError) in
      var odb: OpaquePointer?
      defer { git_odb_free(odb) }
      try GitCall.check("open the git objects", of: "git objects") { git_repository_odb(&odb, repository) }
      var oid = id.oid
      var found = git_oid()
      for length in 8..<2 * CommitID.byteCount
      where git_odb_exists_prefix(&found, odb, &oid, length) != GIT_EAMBIGUOUS.rawValue {
        return String(id.hex.prefix(length))
      }
      return id.hex
    }
  }

  private func similarNames(to name: String) throws(GitError) -> [String] {
    let lowered = Array(RefName.lowercased(name).utf8)
    let known = try references().keys.filter { $0 != .head }.sorted()
    let near = known.map {
      (name: $0.short, distance: lowered.editDistance(to: Array(RefName.lowercased($0.short).utf8)))
    }
    .filter { $0.distance <= max(1, lowered.count / 3) }
    return near.sorted { $0.distance < $1.distance }.prefix(3).map(\.name)
  }
}

/// Collects ids by their first digits.
private struct PrefixSearch {
  let digits: [UInt8]
  var found: [CommitID] = []

  mutating func visit(_ id: CommitID) {
    for (position, digit) in digits.enumerated() {
      let byte = id.bytes[position / 2]
      guard (position % 2 == 0 ? byte >> 4 : byte & 15) == digit else { return }
    }
    found.append(id)
  }
}

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}

extension Array where Element == UInt8 {
  /// The number of insertions, removals and replacements between two texts (Levenshtein 1966).
  func editDistance(to other: [UInt8]) -> Int {
    var row = Array<Int>(0...other.count)
    for (line, byte) in enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for (column, match) in other.enumerated() {
        let replaced = diagonal + (byte == match ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = Swift.min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[other.count]
  }
}
