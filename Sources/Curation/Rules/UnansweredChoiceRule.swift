/// `unanswered-choice-v1`: a question with options A, B and C at least, and an answer that takes none of them. The span,
/// in the answer, is left out.
///
/// Options are `A)`, `(A)`, at the start of a line also `A.` and `A:`; small letters too, before `)`. An answer takes one
/// when it begins with its letter, has it in brackets or behind "answer", "option", "choice" or "is", or says what one of
/// the options says.
public struct UnansweredChoiceRule: Rule {
  public static let name = "unanswered-choice-v1"
  public static let severity = RuleFinding.Severity.flag

  private static let leads = Phrases(["answer", "option", "choice", "is", "choose", "correct answer is"])

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    for text in [subject.input, subject.instruction].compactMap({ $0 }) {
      let options = options(text)
      guard options.count >= 3 else { continue }
      return takes(subject.output, options: options.map { Array(text.lowered[text.trimmed($0)]) })
        ? [] : [RuleMark(subject.output, value: Double(options.count))]
    }
    return []
  }

  /// The texts of the options A, B, C, … that stand in this order.
  private func options(_ text: FieldText) -> [Range<Int>] {
    var options: [Range<Int>] = []
    var start: Int?
    for place in text.bytes.indices {
      guard options.count < 25, let end = labelEnd(text, at: place, letter: letter(options.count, start))
      else {
        continue
      }
      if let start { options.append(start..<place) }
      start = end
    }
    guard let start else { return [] }
    let rest = text.lines.first { $0.contains(start) }?.upperBound ?? text.bytes.count
    return options + [start..<max(start, rest)]
  }

  /// The small letter of the option that is looked for next.
  private func letter(_ closed: Int, _ open: Int?) -> UInt8 {
    UInt8(ascii: "a") + UInt8(truncatingIfNeeded: closed + (open == nil ? 0 : 1))
  }

  private func labelEnd(_ text: FieldText, at place: Int, letter: UInt8) -> Int? {
    guard text.lowered[place] == letter else { return nil }
    let before = text[place - 1]
    let isBracketed = before == UInt8(ascii: "(")
    guard isBracketed || place == 0 || FieldText.isSpace(before) else { return nil }
    switch text[place + 1] {
    case UInt8(ascii: ")"): return place + 2
    case UInt8(ascii: "."), UInt8(ascii: ":"):
      let isCapital = text[place] != letter
      let isLineStart = place == 0 || before == 0x0A
      return isCapital && isLineStart ? place + 2 : nil
    default: return nil
    }
  }

  private func takes(_ answer: FieldText, options: [[UInt8]]) -> Bool {
    let letters = UInt8(ascii: "a")..<(UInt8(ascii: "a") + UInt8(truncatingIfNeeded: options.count))
    let start = answer.trimmed.lowerBound
    var position = start
    while position < answer.bytes.count {
      defer { position += 1 }
      guard letters.contains(answer.lowered[position]), answer.isWordStart(position),
        answer.isWordEnd(position + 1)
      else { continue }
      let next = answer[position + 1]
      if next == UInt8(ascii: ")") { return true }
      let isCapital = answer[position] < 0x61
      // "A" before a space may be the article.
      if position <= start + 2, next != 0x20 || position + 2 >= answer.bytes.count { return true }
      if isCapital, next != 0x20 || answer[position] != UInt8(ascii: "A"), isLed(answer, at: position) {
        return true
      }
    }
    // An option's own words.
    return options.contains { option in
      option.count >= 2 && contains(answer.lowered, option)
    }
  }

  /// Whether "answer", "is" and the like stand before a place, with `:` or `*` between or not.
  private func isLed(_ answer: FieldText, at place: Int) -> Bool {
    var end = place
    while end > place - 4, " :*".utf8.contains(answer[end - 1]) { end -= 1 }
    for length in [2, 6] where end - length >= 0 && end < place {
      let start = end - length
      if answer.isWordStart(start), Self.leads.match(answer, at: start) == end { return true }
    }
    return false
  }

  private func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    // Knuth, Morris and Pratt 1977: an option that almost matches everywhere costs no more than one that does not.
    var borders = [0]
    var length = 0
    for index in 1..<part.count {
      while length > 0, part[index] != part[length] { length = borders[length - 1] }
      if part[index] == part[length] { length += 1 }
      borders.append(length)
    }
    length = 0
    for byte in text {
      while length > 0, byte != part[length] { length = borders[length - 1] }
      if byte == part[length] { length += 1 }
      if length == part.count { return true }
    }
    return false
  }
}
