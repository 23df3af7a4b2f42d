/// `control-characters-v1`: characters that texts for people do not have. The span is the first one's, the value how many
/// there are in the field.
///
/// C0 and C1 controls but tab, line feed and carriage return; U+FFFD, which stands where bytes could not be read;
/// embeddings, overrides and isolates of the bidirectional algorithm, which can make a text look like another;
/// noncharacters; private use; U+FEFF; tag characters but in flags (after U+1F3F4).
public struct ControlCharactersRule: Rule {
  public static let name = "control-characters-v1"
  public static let severity = RuleFinding.Severity.flag

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] { subject.texts.compactMap(mark) }

  private func mark(_ text: FieldText) -> RuleMark? {
    var first: Range<Int>?
    var count = 0
    var place = 0
    var isFlag = false
    for scalar in text.string.unicodeScalars {
      let end = place + UTF8.width(scalar)
      let isTag = 0xE0000...0xE007F ~= scalar.value
      if isTag ? !isFlag : isControl(scalar.value) {
        count += 1
        if first == nil { first = place..<end }
      }
      isFlag = scalar.value == 0x1F3F4 || isFlag && isTag
      place = end
    }
    return first.map { RuleMark(text, span: $0, value: Double(count)) }
  }

  private func isControl(_ value: UInt32) -> Bool {
    switch value {
    case 0x09, 0x0A, 0x0D, 0x20...0x7E: false
    case 0...0x1F, 0x7F...0x9F, 0xFFFD, 0xFEFF, 0x202A...0x202E, 0x2066...0x2069: true
    case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD, 0xFDD0...0xFDEF: true
    default: value & 0xFFFE == 0xFFFE
    }
  }
}
