/// `phone-v1`: a telephone number, in any field. Flagged with its place.
///
/// International: `+`, then 8 to 15 digits (ITU-T E.164), with single spaces, hyphens, dots or brackets between. North
/// American: `(234) 567-8901`, `234-567-8901`, `234.567.8901`, also behind `1-`; area and exchange begin with 2 to 9 and
/// end in no `11`. Digits without separators are no number here: they are mostly something else. Left out are numbers that
/// name nobody: toll-free ones, and 555-0100 to 555-0199, which are kept for fiction.
public struct PhoneNumberRule: Rule {
  public static let name = "phone-v1"
  public static let severity = RuleFinding.Severity.flag

  private static let tollFree: Set<Int> = [800, 822, 833, 844, 855, 866, 877, 888]

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    subject.texts.flatMap { text in
      var marks: [RuleMark] = []
      var place = 0
      while place < text.bytes.count {
        if let span = international(text, at: place) ?? american(text, at: place) {
          marks.append(RuleMark(text, span: span))
          place = span.upperBound
        } else {
          place += 1
        }
      }
      return marks
    }
  }

  private func international(_ text: FieldText, at place: Int) -> Range<Int>? {
    guard text[place] == UInt8(ascii: "+"), text.isWordStart(place), 0x31...0x39 ~= text[place + 1] else {
      return nil
    }
    var (digits, end) = (0, place + 1)
    var position = place + 1
    while digits < 16 {
      if FieldText.isDigit(text[position]) {
        digits += 1
        position += 1
        end = position
        continue
      }
      // Between groups: one separator, or a bracket and a space.
      var next = position
      while next - position < 2, " -.()".utf8.contains(text[next]) { next += 1 }
      guard next > position, FieldText.isDigit(text[next]) else { break }
      position = next
    }
    guard 8...15 ~= digits, !ASCIIRun.isMember(text[end]) else { return nil }
    // North American numbers keep their own exceptions.
    if text[place + 1] == UInt8(ascii: "1"), digits == 11 {
      let number = text.bytes[(place + 2)..<end].filter(FieldText.isDigit).map { $0 - 0x30 }
      return isAmerican(number) ? place..<end : nil
    }
    return place..<end
  }

  private func american(_ text: FieldText, at place: Int) -> Range<Int>? {
    var start = place
    let isBracketed = text[place] == UInt8(ascii: "(")
    if isBracketed {
      guard text.isWordStart(place) else { return nil }
      start += 1
      guard 0x32...0x39 ~= text[start], FieldText.isDigit(text[start + 1]),
        FieldText.isDigit(text[start + 2]),
        text[start + 3] == UInt8(ascii: ")")
      else { return nil }
      var rest = start + 4
      if text[rest] == 0x20 || text[rest] == UInt8(ascii: "-") { rest += 1 }
      guard FieldText.isDigit(text[rest]) else { return nil }
      let groups = DigitGroups(text, at: rest, separators: "-. ".utf8, most: 7)
      let area = [text[start], text[start + 1], text[start + 2]].map { $0 - 0x30 }
      guard groups.groups == [3, 4], isAmerican(area + groups.digits) else { return nil }
      return text.isNumberEnd(groups.span.upperBound) ? place..<groups.span.upperBound : nil
    }
    guard FieldText.isDigit(text[place]), text.isNumberStart(place) else { return nil }
    let groups = DigitGroups(text, at: place, separators: "-.".utf8, most: 11)
    guard groups.groups == [3, 3, 4] || groups.groups == [1, 3, 3, 4] && groups.digits[0] == 1,
      Set(groups.separators).count == 1, isAmerican(groups.digits.suffix(10)),
      text.isNumberEnd(groups.span.upperBound)
    else { return nil }
    return groups.span
  }

  /// Ten digits of the North American numbering plan that can name somebody.
  private func isAmerican(_ digits: some Collection<UInt8>) -> Bool {
    let digits = Array(digits)
    guard digits.count == 10, digits[0] >= 2, digits[3] >= 2 else { return false }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1) } }
    let (area, exchange, line) = (number(0..<3), number(3..<6), number(6..<10))
    guard area % 100 != 11, exchange % 100 != 11, !Self.tollFree.contains(area) else { return false }
    return !(exchange == 555 && 100...199 ~= line)
  }
}
