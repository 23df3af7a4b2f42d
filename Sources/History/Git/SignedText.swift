/// A commit's or a tag's bytes, taken apart into what is signed and the signature (git's `gitformat-signature`).
public struct SignedText: Hashable, Sendable {
  /// How a signature was made.
  public enum Format: String, Hashable, Sendable, CaseIterable {
    case openpgp, ssh, x509
  }

  /// What the signature is about.
  public let payload: [UInt8]
  /// The signature's own lines; nil when there is none.
  public let signature: [UInt8]?
  /// When the committer or tagger says it was made, in seconds since 1970; nil when that cannot be read.
  public let time: Int64?

  /// How the signature was made; nil when there is none, or one of a kind that git does not know.
  public var format: Format? { signature.flatMap { Self.format(at: $0[...]) } }

  /// Takes a commit apart: its signature is the header `gpgsig`, whose further lines begin with a space. Other hash
  /// functions' signatures (`gpgsig-sha256`) are neither signature nor signed.
  public init(commit bytes: [UInt8]) {
    var payload: [UInt8] = []
    var signature: [UInt8] = []
    var isOurs = false
    var isOther = false
    var rest = bytes[...]
    while let first = rest.first {
      let line = rest.prefix(through: rest.firstIndex(of: Self.lineEnd) ?? rest.index(before: rest.endIndex))
      if first == Self.lineEnd {
        payload += rest
        break
      }
      rest = rest[line.endIndex...]
      if first == Self.space, isOurs {
        signature += line.dropFirst()
      } else if first == Self.space, isOther {
        continue
      } else if line.starts(with: "gpgsig ".utf8) {
        signature += line.dropFirst("gpgsig ".utf8.count)
        (isOurs, isOther) = (true, false)
      } else if line.starts(with: "gpgsig".utf8) {
        (isOurs, isOther) = (false, true)
      } else {
        payload += line
        (isOurs, isOther) = (false, false)
      }
    }
    self.payload = payload
    self.signature = signature.isEmpty ? nil : signature
    time = Self.time(of: "committer ", in: payload)
  }

  /// Takes a tag object apart: its signature begins with the last line that begins one, and goes to the end.
  public init(tag bytes: [UInt8]) {
    var start: Int?
    var place = bytes.startIndex
    while place < bytes.endIndex {
      if Self.format(at: bytes[place...]) != nil { start = place }
      place = (bytes[place...].firstIndex(of: Self.lineEnd) ?? bytes.index(before: bytes.endIndex)) + 1
    }
    // Signatures for other hash functions are headers, and not signed.
    payload = SignedText(commit: Array(bytes[..<(start ?? bytes.endIndex)])).payload
    signature = start.map { Array(bytes[$0...]) }
    time = Self.time(of: "tagger ", in: payload)
  }

  /// A signature as the header of a commit.
  static func header(_ signature: [UInt8]) -> [UInt8] {
    var header = Array("gpgsig".utf8)
    for line in signature.split(separator: lineEnd, omittingEmptySubsequences: false).dropLast() {
      header += [space] + line + [lineEnd]
    }
    return header
  }

  private static let lineEnd = UInt8(ascii: "\n")
  private static let space = UInt8(ascii: " ")
  private static let beginnings: [(line: String, format: Format)] = [
    ("-----BEGIN PGP SIGNATURE-----", .openpgp), ("-----BEGIN PGP MESSAGE-----", .openpgp),
    ("-----BEGIN SIGNED MESSAGE-----", .x509), ("-----BEGIN SSH SIGNATURE-----", .ssh),
  ]

  /// The kind of signature that begins with these bytes; nil for none.
  public static func format(at bytes: ArraySlice<UInt8>) -> Format? {
    guard bytes.first == UInt8(ascii: "-") else { return nil }
    return beginnings.first { bytes.starts(with: $0.line.utf8) }?.format
  }

  private static func time(of header: String, in text: [UInt8]) -> Int64? {
    for line in text.split(separator: lineEnd, omittingEmptySubsequences: false) {
      if line.isEmpty { return nil }
      if line.starts(with: header.utf8) {
        return GitIdentity.read(line.dropFirst(header.utf8.count))?.time?.seconds
      }
    }
    return nil
  }
}

extension GitIdentity {
  /// Reads what ``line(at:)`` writes, leniently: a name or a time that is not as git writes it is left out, bytes that
  /// are not UTF-8 are replaced.
  static func read(_ line: ArraySlice<UInt8>) -> (identity: GitIdentity, time: GitTime?)? {
    guard let open = line.firstIndex(of: UInt8(ascii: "<")),
      let close = line.lastIndex(of: UInt8(ascii: ">")),
      open < close
    else { return nil }
    func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }
    var name = line[..<open]
    while name.last == UInt8(ascii: " ") { name.removeLast() }
    let identity = GitIdentity(name: text(name), email: text(line[(open + 1)..<close]))
    let parts = line[(close + 1)...].split(separator: UInt8(ascii: " "))
    guard let first = parts.first, first.count <= 18, first.allSatisfy(\.isDigit),
      let seconds = Int64(text(first))
    else { return (identity, nil) }
    return (identity, GitTime(seconds: seconds, offset: parts.count > 1 ? offset(parts[1]) : 0))
  }

  /// Minutes of `+hhmm` or `-hhmm`; 0 for anything else.
  private static func offset(_ zone: ArraySlice<UInt8>) -> Int32 {
    guard zone.count == 5, let sign = zone.first, zone.dropFirst().allSatisfy(\.isDigit),
      let digits = Int32(String(decoding: zone.dropFirst(), as: UTF8.self)), digits % 100 < 60
    else { return 0 }
    let minutes = digits / 100 * 60 + digits % 100
    return sign == UInt8(ascii: "-") ? -minutes : minutes
  }
}
