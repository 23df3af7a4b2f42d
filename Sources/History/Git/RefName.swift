import Records

/// The full name of a branch, a tag or HEAD. Made only from names that the allow-list admits, so that a name
/// can never leave its folder, pass for an option or hide control characters.
public struct RefName: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The full name, such as `refs/heads/main`.
  public let full: String

  /// The reference that says where new commits go.
  public static let head = RefName(unchecked: "HEAD")

  static let branches = "refs/heads/"
  static let tags = "refs/tags/"

  /// The branch called `name`.
  public static func branch(_ name: String) throws(GitError) -> RefName {
    try check(name)
    return RefName(unchecked: branches + name)
  }

  /// The tag called `name`.
  public static func tag(_ name: String) throws(GitError) -> RefName {
    try check(name)
    return RefName(unchecked: tags + name)
  }

  /// Reads a full name: `HEAD`, `refs/heads/…` or `refs/tags/…`.
  public init(full: String) throws(GitError) {
    if full.utf8.elementsEqual("HEAD".utf8) {
      self = .head
    } else if full.hasPrefix(Self.branches) {
      self = try .branch(String(full.dropFirst(Self.branches.count)))
    } else if full.hasPrefix(Self.tags) {
      self = try .tag(String(full.dropFirst(Self.tags.count)))
    } else {
      throw .badName(full, "it is neither HEAD nor a branch nor a tag")
    }
  }

  private init(unchecked full: String) { self.full = full }

  /// The branch's name, nil for anything else.
  public var branchName: String? {
    full.hasPrefix(Self.branches) ? String(full.dropFirst(Self.branches.count)) : nil
  }

  /// The tag's name, nil for anything else.
  public var tagName: String? { full.hasPrefix(Self.tags) ? String(full.dropFirst(Self.tags.count)) : nil }

  /// The name as a user writes it.
  public var short: String { branchName ?? tagName ?? full }

  /// The full name.
  public var description: String { full }

  /// Orders by bytes.
  public static func < (left: RefName, right: RefName) -> Bool {
    left.full.utf8.lexicographicallyPrecedes(right.full.utf8)
  }

  /// The longest name, in bytes: any file system takes it with room for a `.lock` suffix.
  static let longestName = 200

  /// Parts of ASCII letters, digits, `_`, `-`, `+` and `.`, joined by `/`; see the cases for what a part is not.
  private static func check(_ name: String) throws(GitError) {
    let bytes = Array(name.utf8)
    func refuse(_ reason: String) -> GitError { .badName(name, reason) }
    guard !bytes.isEmpty else { throw refuse("it is empty") }
    guard bytes.count <= longestName else { throw refuse("it is longer than \(longestName) bytes") }
    for part in bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      if let reason = fault(ofPart: part) { throw refuse(reason) }
    }
    guard lowercased(name) != "head" else { throw refuse("`HEAD` is taken") }
    guard bytes.count != 2 * CommitID.byteCount || Hex.decode(name) == nil else {
      throw refuse("it looks like a commit id")
    }
  }

  /// Why bytes cannot be one part of a name, or nil when they can. The files of a commit obey the same rules: no
  /// such part means anything special to git or to a file system.
  static func fault(ofPart part: some Collection<UInt8>) -> String? {
    let bytes = Array(part)
    guard let first = bytes.first, let last = bytes.last else { return "it has an empty part" }
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"),
        UInt8(ascii: "."):
        continue
      default: return "only ASCII letters, digits, `_`, `-`, `+`, `.` and `/` may be in it"
      }
    }
    if first == UInt8(ascii: "-") { return "a part begins with `-`" }
    if first == UInt8(ascii: ".") || last == UInt8(ascii: ".") { return "a part begins or ends with `.`" }
    if zip(bytes, bytes.dropFirst()).contains(where: { $0 == UInt8(ascii: ".") && $1 == UInt8(ascii: ".") }) {
      return "it contains `..`"
    }
    return bytes.suffix(5).elementsEqual(".lock".utf8) ? "a part ends with `.lock`" : nil
  }

  /// ASCII lower case: two names with the same one are the same file on some file systems.
  static func lowercased(_ name: String) -> String {
    String(
      decoding: name.utf8.map { 0x41...0x5a ~= $0 ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
