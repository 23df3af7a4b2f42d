/// `email-v1`: an e-mail address, in any field. Flagged with its place.
///
/// A local part of RFC 5322's dot-atom in common use (letters, digits and `._%+-`) and a domain name whose last label is
/// letters. Names that RFC 2606 keeps for examples are left out.
public struct EmailAddressRule: Rule {
  public static let name = "email-v1"
  public static let severity = RuleFinding.Severity.flag

  private static let reserved = [
    "example.com", "example.org", "example.net", "example", "test", "invalid", "localhost",
  ]

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    subject.marks { text, place in text[place] == UInt8(ascii: "@") ? address(text, at: place) : nil }
  }

  private func address(_ text: FieldText, at sign: Int) -> Range<Int>? {
    var start = sign
    while sign - start < 64, Self.isLocal(text[start - 1]) { start -= 1 }
    while text[start] == UInt8(ascii: ".") { start += 1 }
    guard start < sign, text[sign - 1] != UInt8(ascii: ".") else { return nil }
    var end = sign + 1
    while end - sign < 254, Self.isDomain(text[end]) { end += 1 }
    while end > sign + 1, !ASCIIRun.isMember(text[end - 1]) { end -= 1 }
    let domain = String(decoding: text.lowered[(sign + 1)..<end], as: UTF8.self)
    let labels = domain.split(separator: ".", omittingEmptySubsequences: false)
    guard labels.count >= 2,
      !labels.contains(where: { $0.isEmpty || $0.hasPrefix("-") || $0.hasSuffix("-") }),
      let last = labels.last, last.utf8.count >= 2, last.utf8.allSatisfy(FieldText.isLetter)
    else { return nil }
    guard !Self.reserved.contains(where: { domain == $0 || domain.hasSuffix("." + $0) }) else { return nil }
    return start..<end
  }

  private static func isLocal(_ byte: UInt8) -> Bool {
    ASCIIRun.isMember(byte) || "._%+-".utf8.contains(byte)
  }
  private static func isDomain(_ byte: UInt8) -> Bool { ASCIIRun.isMember(byte) || ".-".utf8.contains(byte) }
}
