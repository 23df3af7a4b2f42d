/// `placeholder-v1`: what stands where a text should have been written.
///
/// A whole instruction, input or answer such as `N/A`, `null` or `...`; anywhere in them `<noinput>`, `lorem ipsum`,
/// brackets such as `[insert dose]` or `<your name>`, a `TODO:`. The words "none" and "no" are answers, and "Na" is
/// sodium.
public struct PlaceholderRule: Rule {
  public static let name = "placeholder-v1"
  public static let severity = RuleFinding.Severity.drop

  private static let wholes: Set<String> = [
    "n/a", "null", "nan", "nil", "undefined", "tbd", "tba", "todo", "fixme", "noinput", "nooutput",
    "no input",
    "no output", "no answer", "no response", "placeholder", "xxx", "...", "\u{2026}", "-", "--", "---", "?",
    "???",
    "insert answer here", "your answer here", "answer goes here", "text goes here",
  ]
  private static let anywhere = Phrases([
    "<noinput>", "<no input>", "<nooutput>", "<no output>", "lorem ipsum dolor", "todo:", "fixme:",
  ])
  private static let bracketed = Phrases([
    "insert ", "your ", "enter ", "fill in", "add your", "placeholder", "name of ", "todo", "link to ",
    "url to ",
  ])

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    subject.task.compactMap { text in (whole(text) ?? part(text)).map { RuleMark(text, span: $0) } }
  }

  private func whole(_ text: FieldText) -> Range<Int>? {
    let range = text.trimmed
    guard 1...24 ~= range.count else { return nil }
    let word = String(decoding: text.lowered[range], as: UTF8.self)
    let stopped =
      text[range.upperBound - 1] == UInt8(ascii: ".") && Self.wholes.contains(String(word.dropLast()))
    return Self.wholes.contains(word) || stopped ? range : nil
  }

  private func part(_ text: FieldText) -> Range<Int>? {
    for place in text.bytes.indices {
      switch text[place] {
      case UInt8(ascii: "["), UInt8(ascii: "<"), UInt8(ascii: "{"):
        if let end = Self.anywhere.match(text, at: place) { return place..<end }
        if let end = bracketEnd(text, at: place) { return place..<end }
      case let byte where FieldText.isLetter(byte) && text.isWordStart(place):
        if let end = Self.anywhere.match(text, at: place) { return place..<end }
      default: break
      }
    }
    return nil
  }

  /// Where a bracket ends that asks for something to be put in its place.
  private func bracketEnd(_ text: FieldText, at place: Int) -> Int? {
    guard Self.bracketed.match(text, at: place + 1) != nil else { return nil }
    let close: UInt8 =
      switch text[place] {
      case UInt8(ascii: "["): UInt8(ascii: "]")
      case UInt8(ascii: "<"): UInt8(ascii: ">")
      default: UInt8(ascii: "}")
      }
    for end in (place + 1)..<min(text.bytes.count, place + 80) where text[end] == close { return end + 1 }
    return nil
  }
}
