/// `us-ssn-v1`: what has the shape of a social security number of the United States, in any field. Flagged with its place.
///
/// `123-45-6789` with hyphens. The first group is not 000, 666 or from 900 on, the second not 00, the third not 0000: the
/// Social Security Administration gives out no such numbers. There is no check digit.
public struct SocialSecurityRule: Rule {
  public static let name = "us-ssn-v1"
  public static let severity = RuleFinding.Severity.flag

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    subject.marks { text, place in number(text, at: place) }
  }

  private func number(_ text: FieldText, at place: Int) -> Range<Int>? {
    guard FieldText.isDigit(text[place]), text.isNumberStart(place) else { return nil }
    let found = DigitGroups(text, at: place, separators: "-".utf8, most: 9)
    guard found.groups == [3, 2, 4], text.isNumberEnd(found.span.upperBound) else { return nil }
    let (area, group, serial) = (found.number(0..<3), found.number(3..<5), found.number(5..<9))
    return 1...899 ~= area && area != 666 && group != 0 && serial != 0 ? found.span : nil
  }
}
