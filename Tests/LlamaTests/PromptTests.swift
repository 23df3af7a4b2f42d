import Testing

@testable import Llama

/// Prompts end where answers begin: what is sampled after is what was trained after.
@Suite struct PromptTests {
  private let example = TrainingExample(
    system: "Be brief.",
    turns: [ChatMessage(role: .user, content: "Hi"), ChatMessage(role: .assistant, content: "Hello")],
    instruction: "Why?", input: "Fever", output: "Because.")

  @Test(arguments: ChatTemplate.Form.allCases) func conversations(_ form: ChatTemplate.Form) throws {
    func text(_ parts: [ChatTemplate.Part]) -> String {
      parts.map { part in
        switch part {
        case .token(let text, _), .text(let text, _): text
        }
      }.joined()
    }
    let template = ChatTemplate(form)
    let whole = text(try template.parts(example.messages))
    let prompt = text(try template.promptParts(example.messages))
    #expect(whole.hasPrefix(prompt))
    let answer = whole.dropFirst(prompt.count)
    #expect(["Because.", " Because. "].contains { answer.hasPrefix($0 + template.answerEnd) }, "\(answer)")
    #expect(try template.parts(example.messages).contains(.token(template.answerEnd, isLearned: true)))
  }

  @Test func instructions() throws {
    let place = try TemporaryFolder()
    try TinyModel().write(to: place("model"), seed: 1)
    let source = try TextModel(path: place("model"))
    #expect(source.endTokens == [source.endOfSequence])
    let encoder = try ExampleEncoder(
      tokenizer: source.tokenizer, template: .prompt(.alpaca), endOfSequence: source.endOfSequence,
      limit: Int.max)
    var plain = example
    plain.turns = []
    let prompt = try encoder.prompt(plain)
    let sequence = try encoder.encode(plain)
    #expect(prompt.count == sequence.labels.prefix { $0 == TrainingSequence.ignored }.count)
    #expect(prompt == Array(sequence.tokens[..<prompt.count]))
    #expect(encoder.answerEnds == [source.endOfSequence])
    #expect(throws: TrainingError.earlierTurns(template: "alpaca")) { try encoder.prompt(example) }
  }

  /// generation_config.json may name several tokens; ones that the tokenizer has not end nothing.
  @Test func endTokens() throws {
    let place = try TemporaryFolder()
    try TinyModel().write(to: place("model"), seed: 1)
    try place.write("model/generation_config.json", Array(#"{"eos_token_id":[3,99999,4]}"#.utf8))
    let source = try TextModel(path: place("model"))
    #expect(source.endTokens == [source.endOfSequence, 3, 4])
    try place.write("model/generation_config.json", Array(#"{"eos_token_id":"<|end|>"}"#.utf8))
    #expect(throws: ModelFolderError.self) { try TextModel(path: place("model")) }
    try place.remove("model/generation_config.json")
    try ModelConversion(source.stored, to: .f32).writeGGUF(place("m.gguf"))
    let file = try TextModel(path: place("m.gguf"))
    #expect(file.endOfSequence == source.endOfSequence && file.chatTemplate == source.chatTemplate)
    let text = "Hb 13.5 g/dL na\u{EF}ve"
    #expect(file.tokenizer.encode(text) == source.tokenizer.encode(text))
  }
}
