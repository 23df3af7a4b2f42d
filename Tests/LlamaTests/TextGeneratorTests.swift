import Records
import Testing

@testable import Llama

@Suite struct TextGeneratorTests {
  private struct Fixture {
    let place: TemporaryFolder
    let engine: InferenceModel
    let source: TextModel

    init() throws {
      place = try TemporaryFolder()
      try TinyModel(heads: 4, keyValueHeads: 2).write(to: place("model"), seed: 3)
      let path = place("model")
      let model = try StoredModel(path: path).loadModel(threads: 1)
      var numbers = SeededNumbers(12)
      for tensor in model.tensors where tensor.shape.count > 1 {
        try numbers.floats(tensor.range.count).map { $0 * 0.3 }.withUnsafeBufferPointer {
          try model.loadWeight(tensor.name, from: $0)
        }
      }
      try ModelFolder.writeWeights(model, to: path)
      source = try TextModel(path: path)
      engine = try InferenceModel(source.stored, threads: 2, memory: 1 << 33)
    }

    func run(
      _ requests: [TextGenerator.Request], width: Int = 1, ends: [Int32] = []
    ) throws -> [TextGenerator.Answer] {
      var answers: [Int: TextGenerator.Answer] = [:]
      var pieces = [String](repeating: "", count: requests.count)
      try TextGenerator(engine, tokenizer: source.tokenizer, ends: ends).run(
        requests, width: width, report: { pieces[$0] += $1 }, finished: { answers[$0] = $1 })
      #expect(answers.count == requests.count)
      for (number, answer) in answers { #expect(pieces[number] == answer.text) }
      return requests.indices.compactMap { answers[$0] }
    }
  }

  private func requests(_ settings: SamplingSettings, limit: Int = 20) -> [TextGenerator.Request] {
    (0..<9).map { number in
      TextGenerator.Request(
        prompt: (0...number * 7).map { (n: Int) -> Int32 in Int32((n * 13 + number) % 300) },
        sampling: settings.row(number),
        limit: limit - number)
    }
  }

  /// However many streams are computed together, each is as it would be alone.
  @Test(arguments: [SamplingSettings.greedy, SamplingSettings(temperature: 1.5, topK: 0, topP: 0.9, seed: 7)])
  func streamsAreIndependent(_ settings: SamplingSettings) throws {
    let fixture = try Fixture()
    let requests = requests(settings)
    let alone = try requests.flatMap { try fixture.run([$0]) }
    #expect(Set(alone.map(\.tokens)).count > 5)
    for width in [1, 2, 4, 9, 100] { #expect(try fixture.run(requests, width: width) == alone, "\(width)") }
  }

  @Test func seedsDecide() throws {
    let fixture = try Fixture()
    func text(_ seed: UInt64) throws -> [Int32] {
      let settings = SamplingSettings(temperature: 2, topK: 0, topP: 1, seed: seed)
      return try fixture.run([.init(prompt: [1, 2, 3], sampling: settings, limit: 20)])[0].tokens
    }
    #expect(try text(1) == text(1))
    #expect(try text(1) != text(2))
    let rows = (0..<100).map { SamplingSettings(seed: 5).row($0).seed }
    #expect(Set(rows).count == 100)
  }

  @Test func whyAnswersEnd() throws {
    let fixture = try Fixture()
    let free = try fixture.run([.init(prompt: [5, 6], sampling: .greedy, limit: 30)])[0]
    #expect(free.finish == .length && free.tokens.count == 30)
    #expect(free.text == fixture.source.tokenizer.decode(free.tokens, skippingSpecialTokens: true))
    // The token that ends an answer is counted and not shown.
    let end = free.tokens[4]
    let first = try #require(free.tokens.firstIndex(of: end))
    let ended = try fixture.run([.init(prompt: [5, 6], sampling: .greedy, limit: 30)], ends: [end])[0]
    #expect(ended.finish == .end && ended.tokens == Array(free.tokens[...first]))
    let stop = String(free.text.dropFirst(3).prefix(4))
    let stopped = try fixture.run([
      .init(prompt: [5, 6], sampling: .greedy, limit: 30, stops: [stop, "no such text"])
    ])[0]
    let before = try #require(free.text.firstRange(of: stop))
    #expect(stopped.finish == .stop && stopped.text == String(free.text[..<before.lowerBound]))
    let long = [Int32](repeating: 9, count: fixture.engine.context - 4)
    let full = try fixture.run([.init(prompt: long, sampling: .greedy, limit: 30)])[0]
    #expect(full.finish == .context && full.tokens.count == 4)
  }

  /// Stop texts that come in parts, and beginnings of them that come to nothing.
  @Test func textsAreHeldBackOnlyWhileNeeded() throws {
    let tokenizer = try Fixture().source.tokenizer
    func pieces(_ text: String, _ stops: [String]) -> ([String], Bool) {
      var stream = TextStream(tokenizer, stops: stops)
      var pieces: [String] = []
      for scalar in text.unicodeScalars {
        for token in tokenizer.encode(String(scalar), frames: false, findsSpecial: false) {
          pieces.append(stream.append(token))
        }
      }
      return (pieces + [stream.finish()], stream.isStopped)
    }
    #expect(pieces("abcd", []).0.joined() == "abcd")
    let (held, isStopped) = pieces("ab\n#x\n##end", ["\n##"])
    #expect(isStopped && held.joined() == "ab\n#x")
    #expect(held.prefix(2) == ["a", "b"])
    #expect(pieces("ab\n#", ["\n##"]).0.joined() == "ab\n#")
    #expect(pieces("h\u{E9}llo \u{1F600}!", ["!"]).0.joined() == "h\u{E9}llo \u{1F600}")
    #expect(pieces("aab", ["ab"]).0.joined() == "a")
  }
}
