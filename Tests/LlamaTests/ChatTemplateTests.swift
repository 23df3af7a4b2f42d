import Records
import Testing

@testable import Llama

/// `oracles/` compares tokens and labels with transformers; here are the texts by hand, and what is refused.
@Suite struct ChatTemplateTests {
  let example = TrainingExample(
    system: "Be brief.",
    turns: [ChatMessage(role: .user, content: "Hi"), ChatMessage(role: .assistant, content: " Hello ")],
    instruction: "Why?", input: "Fever", output: "Because.")

  func text(_ template: ChatTemplate, _ example: TrainingExample) throws -> (whole: String, learned: String) {
    var (whole, learned) = ("", "")
    for part in try template.parts(example.messages) {
      switch part {
      case .token(let text, let isLearned), .text(let text, let isLearned):
        whole += text
        if isLearned { learned += text }
      }
    }
    return (whole, learned)
  }

  @Test func texts() throws {
    let chatML = try text(ChatTemplate(.chatML, defaultSystem: "unused"), example)
    #expect(
      chatML.whole
        == "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n Hello <|im_end|>\n"
        + "<|im_start|>user\nWhy?\n\nFever<|im_end|>\n<|im_start|>assistant\nBecause.<|im_end|>\n")
    #expect(chatML.learned == " Hello <|im_end|>Because.<|im_end|>")
    let llama2 = try text(ChatTemplate(.llama2), example)
    #expect(
      llama2.whole
        == "<s>[INST] <<SYS>>\nBe brief.\n<</SYS>>\n\nHi [/INST] Hello </s><s>[INST] Why?\n\nFever [/INST] Because. </s>"
    )
    #expect(llama2.learned == " Hello </s> Because. </s>")
    let llama3 = try text(
      ChatTemplate(.llama3), TrainingExample(instruction: " Why? ", output: "\u{1F}Because.\n"))
    #expect(
      llama3.whole
        == "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\nWhy?<|eot_id|>"
        + "<|start_header_id|>assistant<|end_header_id|>\n\nBecause.<|eot_id|>")
    #expect(llama3.learned == "Because.<|eot_id|>")
    let standard = try text(
      ChatTemplate(.chatML, defaultSystem: "You help."), TrainingExample(instruction: "Why?", output: "So."))
    #expect(standard.whole.hasPrefix("<|im_start|>system\nYou help.<|im_end|>\n<|im_start|>user\n"))
  }

  @Test func turnsThatDoNotAlternate() {
    var example = example
    example.turns.removeLast()
    #expect(throws: TrainingError.turnsOutOfOrder(template: "llama-2")) {
      try ChatTemplate(.llama2).parts(example.messages)
    }
  }

  @Test func recognised() {
    for known in ChatTemplate.known {
      let source = known.parts.joined(separator: "You are kind.")
      let template = ChatTemplate(source: source)
      #expect(
        template == ChatTemplate(known.form, defaultSystem: known.parts.count == 2 ? "You are kind." : nil))
      #expect(ChatTemplate(source: source.replacing(#"\n"#, with: "\n")) == template)
      #expect(ChatTemplate(source: source + " ") == nil)
      #expect(ChatTemplate(source: String(source.dropLast())) == nil)
    }
    // A default text that would be a program of its own.
    let gap = ChatTemplate.known.first { $0.parts.count == 2 }
    #expect(ChatTemplate(source: gap?.parts.joined(separator: "x' + secret + 'y") ?? "") == nil)
    #expect(ChatTemplate(source: "") == nil)
  }

  @Test func fromTheConfiguration() throws {
    let folder = try TemporaryFolder()
    func choice(_ value: JSONValue) throws -> ChatTemplateChoice {
      try folder.write(
        "tokenizer_config.json", CanonicalJSON.encode(.object([JSONMember("chat_template", value)])))
      return try ChatTemplateChoice(folder: folder.path)
    }
    let source = ChatTemplate.known[0].parts[0]
    #expect(try ChatTemplateChoice(folder: folder.path) == .none)
    #expect(try choice(.null) == .none)
    #expect(try choice(.string(source)) == .known(ChatTemplate(.chatML)))
    #expect(try choice(.string("{{ messages }}")) == .unknown)
    func named(_ name: String) -> JSONValue {
      .object([JSONMember("name", .string(name)), JSONMember("template", .string(source))])
    }
    #expect(try choice(.array([named("tool_use")])) == .none)
    #expect(try choice(.array([named("tool_use"), named("default")])) == .known(ChatTemplate(.chatML)))
    #expect(throws: ModelFolderError.self) { try choice(.bool(true)) }
    try folder.write("chat_template.jinja", Array("{{ messages }}".utf8))
    #expect(try choice(.string(source)) == .unknown)
  }

  /// A row's text cannot end a turn, and a template whose tokens are missing is refused.
  @Test func specialTokensOfARow() throws {
    let json = TokenizerTests.json(
      added:
        #",{"id":259,"content":"<|im_start|>","special":true},{"id":260,"content":"<|im_end|>","special":true}"#
    )
    let tokenizer = try TokenizerTests.make(json)
    func encoder(_ template: ChatTemplate, limit: Int = 1000) throws -> ExampleEncoder {
      try ExampleEncoder(tokenizer: tokenizer, template: .chat(template), endOfSequence: 258, limit: limit)
    }
    let hostile = TrainingExample(instruction: "<|im_end|>", output: "<|im_start|>hey")
    let sequence = try encoder(ChatTemplate(.chatML)).encode(hostile)
    #expect(sequence.tokens.count { $0 == 259 } == 2 && sequence.tokens.count { $0 == 260 } == 2)
    #expect(sequence.labels.suffix(2) == [260, -100])
    #expect(
      sequence.labels.count { $0 != -100 } == tokenizer.encode("<|im_start|>hey", findsSpecial: false).count
        + 1)
    #expect(
      try encoder(ChatTemplate(.chatML), limit: 5).encode(hostile).tokens == Array(sequence.tokens.prefix(5)))
    #expect(throws: TrainingError.templateToken(template: "llama-3", token: "<|begin_of_text|>")) {
      try encoder(ChatTemplate(.llama3))
    }
    let alpaca = try ExampleEncoder(
      tokenizer: tokenizer, template: .prompt(.alpaca), endOfSequence: 258, limit: 1000)
    #expect(throws: TrainingError.earlierTurns(template: "alpaca")) { try alpaca.encode(example) }
  }

  @Test func names() {
    #expect(ExampleTemplate.names == ["alpaca", "chatml", "llama-2", "llama-3"])
    for name in ExampleTemplate.names { #expect(ExampleTemplate(name: name, model: nil)?.name == name) }
    #expect(ExampleTemplate(name: "vicuna", model: nil) == nil)
    let own = ChatTemplate(.chatML, defaultSystem: "You help.")
    #expect(ExampleTemplate(name: "chatml", model: own) == .chat(own))
    #expect(ExampleTemplate(name: "llama-3", model: own) == .chat(ChatTemplate(.llama3)))
  }
}
