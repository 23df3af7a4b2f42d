import Records

/// `prompt-leakage-v1`: marks of a prompt or of a chat template that a teacher repeated, in an instruction, an input or
/// an answer.
///
/// Anywhere: tokens of chat templates, such as `<|im_start|>`, `[INST]`. At the start of a line: `###` alone or before a
/// part's name (headings of Markdown are left alone), `Task 12:`, `Instruction:`, also behind a number. At the start of a
/// line of an answer also `Human:`, `User:`, `Assistant:`.
public struct PromptLeakageRule: Rule {
  public static let name = "prompt-leakage-v1"
  public static let severity = RuleFinding.Severity.drop

  private static let tokens = Phrases([
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>",
    "<|begin_of_text|>", "<|end_of_text|>", "<|user|>", "<|assistant|>", "<|system|>", "<|end|>", "[inst]",
    "[/inst]", "<<sys>>", "<</sys>>", "<start_of_turn>", "<end_of_turn>",
  ])
  private static let parts = Phrases([
    "instruction", "input", "output", "response", "task", "human", "assistant", "system",
    "user",
    "end", "question", "answer", "example",
  ])
  private static let openings = Phrases(["instruction:"])
  private static let speakers = Phrases(["human:", "user:", "assistant:"])

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    subject.task.compactMap { text in
      let token = Self.tokens.first(text)
      let line = text.lines.lazy.compactMap { opening(text, $0) }.first
      let first = [token, line].compactMap { $0 }.min { $0.lowerBound < $1.lowerBound }
      return first.map { RuleMark(text, span: $0) }
    }
  }

  /// What a line begins with that belongs to a prompt.
  private func opening(_ text: FieldText, _ line: Range<Int>) -> Range<Int>? {
    var start = line.lowerBound
    if text[start] == UInt8(ascii: "#") {
      while text[start] == UInt8(ascii: "#") { start += 1 }
      guard start - line.lowerBound >= 3 else { return nil }
      if start == line.upperBound { return line }
      while text[start] == 0x20 { start += 1 }
      guard let end = Self.parts.match(text, at: start) else { return nil }
      return end == line.upperBound || text[end] == UInt8(ascii: ":") || numbered(text, from: end) != nil
        ? line.lowerBound..<end : nil
    }
    // `12. Instruction: …`
    while start - line.lowerBound < 4, FieldText.isDigit(text[start]) { start += 1 }
    if start > line.lowerBound, text[start] == UInt8(ascii: ".") || text[start] == UInt8(ascii: ")") {
      start += 1
      while text[start] == 0x20 { start += 1 }
    } else {
      start = line.lowerBound
    }
    if let end = Self.openings.match(text, at: start) { return line.lowerBound..<end }
    if text.lowered[start...].starts(with: "task".utf8), let end = numbered(text, from: start + 4) {
      return line.lowerBound..<end
    }
    if text.field == .output, let end = Self.speakers.match(text, at: start) { return line.lowerBound..<end }
    return nil
  }

  /// Where ` 12:` ends.
  private func numbered(_ text: FieldText, from place: Int) -> Int? {
    guard text[place] == 0x20 else { return nil }
    var end = place + 1
    while end - place < 6, FieldText.isDigit(text[end]) { end += 1 }
    return end > place + 1 && text[end] == UInt8(ascii: ":") ? end + 1 : nil
  }
}
