/// `ip-address-v1`: an internet address, in any field. Flagged with its place.
///
/// IPv4 as four numbers up to 255 without leading zeros, and IPv6 as RFC 4291 writes it. Left out are networks that name
/// no machine of anybody's (private, local, for documents, multicast), and IPv4 addresses that begin with 1 to 7 or have
/// fewer than six digits: in medical text those are enzymes (EC 3.4.21.5) and sections.
public struct IPAddressRule: Rule {
  public static let name = "ip-address-v1"
  public static let severity = RuleFinding.Severity.flag

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    subject.texts.flatMap { text in
      let hasColons = text.bytes.contains(UInt8(ascii: ":"))
      return text.bytes.indices.compactMap { place in
        (four(text, at: place) ?? (hasColons ? six(text, at: place) : nil)).map { RuleMark(text, span: $0) }
      }
    }
  }

  private func four(_ text: FieldText, at place: Int) -> Range<Int>? {
    guard FieldText.isDigit(text[place]), text.isWordStart(place), !".-_/@".utf8.contains(text[place - 1])
    else {
      return nil
    }
    let found = DigitGroups(text, at: place, separators: ".".utf8, most: 12)
    guard found.groups.count == 4, found.digits.count >= 6, text.isNumberEnd(found.span.upperBound) else {
      return nil
    }
    var octets: [Int] = []
    var start = 0
    for count in found.groups {
      guard count <= 3, count == 1 || found.digits[start] != 0 else { return nil }
      octets.append(found.number(start..<(start + count)))
      start += count
    }
    guard octets.allSatisfy({ $0 <= 255 }) else { return nil }
    switch (octets[0], octets[1], octets[2]) {
    case (0...7, _, _), (10, _, _), (127, _, _), (169, 254, _), (172, 16...31, _), (192, 168, _): return nil
    case (192, 0, 2), (198, 51, 100), (203, 0, 113), (224..., _, _): return nil
    default: return found.span
    }
  }

  private func six(_ text: FieldText, at place: Int) -> Range<Int>? {
    guard Self.isHex(text[place]), text.isWordStart(place), !":._-".utf8.contains(text[place - 1]) else {
      return nil
    }
    var end = place
    // The longest address has 39 bytes.
    while end - place < 40, Self.isHex(text[end]) || text[end] == UInt8(ascii: ":") { end += 1 }
    if text[end - 1] == UInt8(ascii: ":"), text[end - 2] != UInt8(ascii: ":") { end -= 1 }
    guard !ASCIIRun.isMember(text[end]), text[end] != UInt8(ascii: ":") else { return nil }
    let groups = text.lowered[place..<end].split(
      separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard groups.allSatisfy({ $0.count <= 4 }) else { return nil }
    let filled = groups.filter { !$0.isEmpty }
    let isWhole = groups.count == 8 && filled.count == 8
    let empty = groups.count - filled.count
    let endsShort = groups.last?.isEmpty == true
    let isShort = 3...7 ~= filled.count && (endsShort ? empty == 2 : empty == 1)
    guard isWhole || isShort else { return nil }
    let first = String(decoding: filled[0], as: UTF8.self)
    let isDocument =
      first == "2001" && (filled[1].elementsEqual("db8".utf8) || filled[1].elementsEqual("0db8".utf8))
    let isLocal =
      first.count == 4 && ["fe8", "fe9", "fea", "feb", "fc", "fd", "ff"].contains { first.hasPrefix($0) }
    return isDocument || isLocal ? nil : place..<end
  }

  private static func isHex(_ byte: UInt8) -> Bool {
    FieldText.isDigit(byte) || 0x61...0x66 ~= byte | 0x20
  }
}
