import Records
import Testing

@testable import Curation

/// Texts were written for these tests; no clinician reviewed any.
@Suite struct TextRulesTests {
  @Test func empty() {
    func fields(_ instruction: String, _ output: String) -> [PairField] {
      RuleCheck.fields(EmptyRule(), Pair(instruction: instruction, output: output))
    }
    #expect(fields("Why?", "Because.") == [])
    #expect(fields("", " \n\u{3000}\u{200B}\u{FEFF}\u{0}") == [.instruction, .output])
    #expect(fields("?", "-") == [])
  }

  @Test func tooShort() {
    let rule = TooShortRule(instruction: 3, output: 2)
    #expect(
      RuleCheck.marked(rule, instruction: "Define asthma.", output: "Yes") == ["Define asthma.", "Yes"])
    #expect(RuleCheck.marked(rule, instruction: "What is asthma?", output: "A disease") == [])
    #expect(RuleCheck.marked(rule, instruction: "糖尿病", output: "病気") == [])
    #expect(
      RuleCheck.marked(TooShortRule(), instruction: "Asthma?", output: "... --") == ["Asthma?", "... --"])
    let characters = TooShortRule(instruction: 5, output: 3, unit: .characters)
    #expect(RuleCheck.marked(characters, instruction: "Gicht", output: "ä\u{308}") == ["ä\u{308}"])
    let mark = rule.marks(in: RuleSubject(Pair(instruction: "Define asthma.", output: "Yes, it is."))).first
    #expect(mark?.value == 2)
  }

  @Test func tooLong() {
    let rule = TooLongRule(instruction: 3, input: 2, output: 4)
    #expect(RuleCheck.marked(rule, instruction: "one two three", input: "a b", output: "a b c d") == [])
    #expect(
      RuleCheck.marked(rule, instruction: "one two three four", input: "a b c", output: "a b c d e")
        == ["one two three four", "a b c", "a b c d e"])
    let characters = TooLongRule(instruction: 99, input: 3, output: 99, unit: .characters)
    #expect(RuleCheck.marked(characters, input: "äöü") == [])
    #expect(RuleCheck.marked(characters, input: "äöüß") == ["äöüß"])
  }

  @Test(arguments: [
    ("N/A", "N/A"), ("  null \n", "null"), ("TBD.", "TBD"), ("...", "..."), ("<noinput>", "<noinput>"),
    ("Take [insert dose] twice a day.", "[insert dose]"), ("Dear <your name>, rest well.", "<your name>"),
    ("Lorem ipsum dolor sit amet", "Lorem ipsum dolor"), ("Rest. TODO: add dose", "TODO:"),
    ("Call {Name of clinic}.", "{Name of clinic}"),
  ]) func placeholders(text: String, mark: String) {
    let found = RuleCheck.marked(PlaceholderRule(), output: text)
    #expect(found.count == 1 && (found[0] == mark || found[0] == mark + "."), "\(found)")
  }

  @Test(arguments: [
    "None.", "No", "Na", "Sodium (Na) is low.", "Give [H+] in nmol/L; see [1].", "x < your limit",
    "método: todo bien",
    "An <b>important</b> sign", "Dose {5 mg}", "",
  ]) func noPlaceholders(text: String) {
    #expect(RuleCheck.marked(PlaceholderRule(), output: text) == [])
  }

  @Test(arguments: [
    ("Fever.<|im_end|>", "<|im_end|>"), ("[INST] Name a sign [/INST]", "[INST]"),
    ("Rest.\n###\nTask 12: Name", "###"),
    ("Rest.\nTask 12: Name a drug", "Task 12:"), ("Instruction: Name a drug", "Instruction:"),
    ("### Instruction:\nName", "### Instruction"), ("Rest.\n3. Instruction: Name", "3. Instruction:"),
    ("Rest.\n### Task 4: Name", "### Task"), ("Rest.\nUser: And then?", "User:"),
    ("A\n  ### Response", "### Response"),
  ]) func promptLeakage(text: String, mark: String) {
    #expect(RuleCheck.marked(PromptLeakageRule(), output: text) == [mark])
  }

  @Test(arguments: [
    "### Symptoms\nFever", "## Task\nx", "The task 12 was hard", "Follow the instruction: rest.",
    "# Response rates",
    "### Response rates by arm", "Task force: done", "A user: a person", "INST is a code", "Tasks 1: x",
    "###x",
  ]) func noPromptLeakage(text: String) {
    #expect(RuleCheck.marked(PromptLeakageRule(), output: text) == [])
  }

  @Test func speakersLeakOnlyFromAnswers() {
    #expect(RuleCheck.marked(PromptLeakageRule(), instruction: "Human: hello there") == [])
  }

  @Test(arguments: [
    "As an AI language model, I have no body.", "I cannot assist with that request.",
    "I’m sorry, but I can’t provide a diagnosis.", "  \"I'm unable to help with this.",
    "**I can't answer** that",
    "Unfortunately, I cannot access files.", "Well, as an AI assistant I know little.",
    "I'm just an AI, so ask a nurse.",
    "I am sorry, I cannot say.",
  ]) func refusals(text: String) {
    #expect(RuleCheck.marked(RefusalRule(), output: text).count == 1)
  }

  @Test(arguments: [
    "I'm sorry to hear that you have pain.", "Patients cannot assist with this.",
    "Rest. I cannot stress this enough.",
    "The aria language model was as an aide.", "I can help.", "", "Sorry", "\"\"\"", "***",
  ]) func noRefusals(text: String) {
    #expect(RuleCheck.marked(RefusalRule(), output: text) == [])
  }

  @Test func refusalOnlyAtTheBeginning() {
    let text =
      String(repeating: "Rest and drink a lot of water. ", count: 10) + "As an AI language model I stop."
    #expect(RuleCheck.marked(RefusalRule(), output: text) == [])
  }

  @Test func repetition() {
    let phrase = "the patient should rest and drink a lot of water "
    func share(_ text: String) -> Double? {
      RepetitionRule(most: 0).marks(in: RuleSubject(Pair(instruction: "x", output: text))).first?.value
    }
    // Ten words twice: the second ten are in 8-grams that came before.
    #expect(share(phrase + phrase) == 0.5)
    #expect(share(phrase + phrase + phrase + phrase) == 0.75)
    #expect(share(phrase + "seven other words are not the same " + "at all") == nil)
    // Ten again behind five others.
    #expect(share(phrase + "one two three four five " + phrase) == 0.4)
    #expect(share("no no no no no no no") == nil)
    #expect(RuleCheck.marked(RepetitionRule(), output: phrase + phrase).count == 1)
    #expect(RuleCheck.marked(RepetitionRule(most: 0.5), output: phrase + phrase) == [])
    #expect(RuleCheck.marked(RepetitionRule(), output: "糖尿病の症状は何ですか。糖尿病の症状は何ですか。").count == 1)
  }

  @Test func repeatedLines() {
    func marked(_ lines: [String]) -> Int {
      RuleCheck.marked(RepeatedLinesRule(), output: lines.joined(separator: "\n")).count
    }
    #expect(marked(["Rest.", "Rest. ", "", "  Rest.", "Drink."]) == 1)
    #expect(marked(["Rest.", "Drink.", "Sleep.", "Rest."]) == 0)
    #expect(marked(["Rest.", "Rest.", "Rest."]) == 0)
    #expect(marked(["a", "---", "b", "---", "c", "---", "d", "---"]) == 0)
  }

  @Test func answerEqualsQuestion() {
    let rule = AnswerEqualsQuestionRule()
    #expect(RuleCheck.marked(rule, instruction: "What is  Gout?", output: "what is gout").count == 1)
    #expect(
      RuleCheck.marked(rule, instruction: "Translate.", input: "Die Gicht", output: "die Gicht.").count == 1)
    #expect(RuleCheck.marked(rule, instruction: "Say", input: "Gicht", output: "Say Gicht").count == 1)
    #expect(RuleCheck.marked(rule, instruction: "What is gout?", output: "What is gout? A disease.") == [])
    #expect(RuleCheck.marked(rule, instruction: "?", output: "...") == [])
    // Longer than what is looked at first, equal to its end or not.
    let long = String(repeating: "A long question, ", count: 40)
    #expect(
      RuleCheck.marked(rule, instruction: long + "is it?", output: long.uppercased() + "is it").count == 1)
    #expect(RuleCheck.marked(rule, instruction: long + "is it?", output: long + "it is") == [])
    #expect(RuleCheck.marked(rule, instruction: long, input: "is it?", output: long + "is it").count == 1)
    #expect(RuleCheck.marked(rule, instruction: "Is it?", output: long) == [])
    let dots = String(repeating: ".", count: 300)
    #expect(RuleCheck.marked(rule, instruction: "Is it?", output: "Is it" + dots).count == 1)
    #expect(RuleCheck.marked(rule, instruction: "Is it?", output: "Is it" + dots + "not") == [])
  }

  @Test(arguments: [
    ("Which is a fruit? A) rock B) apple C) chair", "It depends on many things."),
    ("Pick one:\nA. rock\nB. apple\nC. chair\nD. desk", "A patient may want to think about it."),
    ("Pick: (a) rock (b) apple (c) chair", "Nothing fits."),
    ("Pick: A) rock B) apple C) chair", ""),
  ]) func unansweredChoices(question: String, answer: String) {
    #expect(RuleCheck.marked(UnansweredChoiceRule(), instruction: question, output: answer).count == 1)
    #expect(
      RuleCheck.marked(UnansweredChoiceRule(), instruction: "Choose.", input: question, output: answer).count
        == 1)
  }

  @Test(arguments: [
    ("Which is a fruit? A) rock B) apple C) chair", "B"),
    ("Pick: A) rock B) apple C) chair", "b) since it grows"),
    ("Pick: A) rock B) apple C) chair", "The answer is C."),
    ("Pick: A) rock B) apple C) chair", "Answer: **A**"),
    ("Pick: A) rock B) apple C) chair", "One eats the Apple."),
    ("Pick: A) rock B) apple C) chair", "It is (C), as seen."),
    ("Pick one:\nA. rock\nB. apple\nC. chair", "B. It grows."), ("Why A) or B)?", "It depends."),
    ("Vitamins A, B and C: name one food.", "Carrots."), ("B) x C) y A) z", "no"),
  ]) func answeredOrNoChoices(question: String, answer: String) {
    #expect(RuleCheck.marked(UnansweredChoiceRule(), instruction: question, output: answer) == [])
  }

  @Test func controlCharacters() {
    let rule = ControlCharactersRule()
    func first(_ text: String) -> [String] { RuleCheck.marked(rule, output: text) }
    #expect(first("a\tb\r\nc — é 漢 👩\u{200D}⚕\u{FE0F}") == [])
    let controls: [UInt32] = [
      0, 0x1B, 0x7F, 0x9D, 0xFFFD, 0x202E, 0x2066, 0xFDD0, 0x1FFFE, 0xE000, 0x10FFFD, 0xFEFF, 0xE0041,
    ]
    for control in controls.compactMap(Unicode.Scalar.init) {
      #expect(first("é\(control)b").map { Array($0.unicodeScalars) } == [[control]])
    }
    // The flag of England is made of tags.
    #expect(first("\u{1F3F4}\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}") == [])
    let pair = Pair(
      instruction: "a\u{1}b\u{2}", output: "c", system: "\u{3}",
      turns: [.init(role: .user, content: "x\u{4}")])
    let marks = rule.marks(in: RuleSubject(pair))
    #expect(marks.map(\.field) == [.system, .turns, .instruction])
    #expect(marks.map(\.turn) == [nil, 0, nil])
    #expect(marks.map(\.value) == [1, 1, 2])
    #expect(marks.map(\.span) == [0..<1, 1..<2, 1..<2])
  }
}
