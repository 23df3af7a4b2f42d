/// `payment-card-v1`: a number of a payment card, in any field. Flagged with its place.
///
/// 13 to 19 digits, together or in groups with single spaces or hyphens, with the leading digits and the length of a
/// network, and the check digit of ISO/IEC 7812-1 (Luhn 1960). One number in ten that looks like one passes the check.
public struct PaymentCardRule: Rule {
  public static let name = "payment-card-v1"
  public static let severity = RuleFinding.Severity.flag

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    subject.marks { text, place in number(text, at: place) }
  }

  private func number(_ text: FieldText, at place: Int) -> Range<Int>? {
    guard 0x32...0x36 ~= text[place], text.isNumberStart(place) else { return nil }
    // A number behind another and a space is the same row of numbers.
    if text[place - 1] == 0x20, FieldText.isDigit(text[place - 2]) { return nil }
    let found = DigitGroups(text, at: place, separators: " -".utf8, most: 19)
    guard 13...19 ~= found.digits.count, Set(found.separators).count <= 1,
      found.groups.count == 1 || found.groups.allSatisfy({ 3...7 ~= $0 }),
      text.isNumberEnd(found.span.upperBound), isIssued(found), checks(found.digits)
    else { return nil }
    return found.span
  }

  /// Leading digits and lengths of American Express, Diners Club, Discover, JCB, Mastercard, UnionPay and Visa.
  private func isIssued(_ card: DigitGroups) -> Bool {
    let count = card.digits.count
    switch card.number(0..<4) {
    case 4000...4999: return count == 13 || count == 16 || count == 19
    case 5100...5599, 2221...2720: return count == 16
    case 3400...3499, 3700...3799: return count == 15
    case 3000...3059, 3600...3699, 3800...3999: return 14...19 ~= count
    case 3528...3589, 6011, 6200...6299, 6440...6599: return 16...19 ~= count
    default: return false
    }
  }

  private func checks(_ digits: [UInt8]) -> Bool {
    var sum = 0
    for (index, digit) in digits.reversed().enumerated() {
      let value = Int(digit)
      sum += index % 2 == 0 ? value : value * 2 - (value > 4 ? 9 : 0)
    }
    return sum % 10 == 0
  }
}
