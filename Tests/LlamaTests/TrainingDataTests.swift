import Records
import Testing

@testable import Llama

@Suite struct TrainingDataTests {
  @Test func alpacaTexts() {
    let alone = TrainingExample(instruction: "Do it.", output: "Done.")
    #expect(
      PromptTemplate.alpaca.prompt(alone)
        == "Below is an instruction that describes a task. Write a response that appropriately completes the request."
        + "\n\n### Instruction:\nDo it.\n\n### Response:")
    var empty = alone
    empty.input = ""
    #expect(PromptTemplate.alpaca.prompt(empty) == PromptTemplate.alpaca.prompt(alone))
    let with = TrainingExample(instruction: "Do it.", input: "{instruction} %@", output: "Done.")
    #expect(
      PromptTemplate.alpaca.prompt(with)
        == "Below is an instruction that describes a task, paired with an input that provides further context. "
        + "Write a response that appropriately completes the request."
        + "\n\n### Instruction:\nDo it.\n\n### Input:\n{instruction} %@\n\n### Response:")
    let system = TrainingExample(system: "Be brief.", instruction: "Do it.", output: "Done.")
    #expect(PromptTemplate.alpaca.prompt(system) == "Be brief.\n\n### Instruction:\nDo it.\n\n### Response:")
  }

  @Test func masksThePrompt() throws {
    let tokenizer = try TokenizerTests.make(TokenizerTests.json())
    let example = TrainingExample(instruction: "hey", output: "hey!")
    let prompt = tokenizer.encode(PromptTemplate.alpaca.prompt(example))
    func encode(_ limit: Int) throws -> TrainingSequence {
      try ExampleEncoder(
        tokenizer: tokenizer, template: .prompt(.alpaca), endOfSequence: 258, limit: limit
      ).encode(example)
    }
    let whole = try encode(1000)
    #expect(whole.tokens == prompt + [257, 33, 258])
    #expect(whole.labels == [Int32](repeating: -100, count: prompt.count) + [257, 33, 258])
    #expect(whole.trainedTokens == 3)
    // Cut at the right: first the end token goes, then the answer, then the prompt.
    for cut in 1...(prompt.count + 3) {
      let sequence = try encode(cut)
      #expect(sequence.tokens == Array(whole.tokens.prefix(cut)))
      #expect(sequence.labels == Array(whole.labels.prefix(cut)))
    }
    #expect(try encode(prompt.count).trainedTokens == 0)
  }

  /// An answer that merges with the end of the prompt: the mask covers as many tokens as the prompt has alone.
  @Test func masksByCount() throws {
    let tokenizer = try TokenizerTests.make(TokenizerTests.json())
    var template = PromptTemplate.alpaca
    template.opening = ""
    template.body = [.text("h")]
    let encoder = try ExampleEncoder(
      tokenizer: tokenizer, template: .prompt(template), endOfSequence: 258, limit: 10)
    let sequence = try encoder.encode(TrainingExample(instruction: "", output: "eye"))
    #expect(sequence == TrainingSequence(tokens: [257, 101, 258], labels: [-100, 101, 258]))
  }

  @Test func schedule() {
    let cosine = LearningRateSchedule(peak: 2, shape: .cosine, warmupRatio: 0.25, total: 8)
    #expect(cosine.warmup == 2)
    #expect((0..<3).map(cosine.rate) == [0, 1, 2])
    #expect(abs(cosine.rate(5) - 1) < 1e-12)
    #expect(abs(cosine.rate(8)) < 1e-12)
    let linear = LearningRateSchedule(peak: 2, shape: .linear, warmupRatio: 0, total: 4)
    #expect((0...4).map(linear.rate) == [2, 1.5, 1, 0.5, 0])
    #expect(LearningRateSchedule(peak: 2, shape: .constant, warmupRatio: 0.03, total: 10).warmup == 1)
    #expect(LearningRateSchedule(peak: 2, shape: .constant, warmupRatio: 1, total: 1).rate(0) == 0)
  }

  @Test func order() {
    let order = EpochOrder(seed: 42, count: 10)
    // Golden: a change of the generator or the shuffle would silently change every recorded run.
    #expect(order.indices(epoch: 0) == [8, 3, 6, 5, 4, 0, 9, 2, 1, 7])
    #expect(order.indices(epoch: 1) == [6, 7, 4, 3, 9, 5, 0, 8, 2, 1])
    #expect(EpochOrder(seed: 43, count: 10).indices(epoch: 0) != order.indices(epoch: 0))
    #expect(EpochOrder(seed: 1, count: 0).indices(epoch: 0) == [])
    #expect(EpochOrder(seed: 1, count: 1).indices(epoch: 5) == [0])
    for epoch in 0..<20 {
      #expect(EpochOrder(seed: 7, count: 101).indices(epoch: epoch).sorted() == Array(0..<101))
    }
    // Vigna's published first outputs for seed 1234567.
    var random = SplitMix64(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in random.next() } == [6457827717110365317, 3203168211198807973, 9817491932198370423])
  }
}
