import Testing

@testable import Records

@Suite("Export from any pair")
struct FormatsExportTests {
  static let plain = Pair(instruction: "a", output: "b")
  static let withInput = Pair(instruction: "a", input: "i", output: "b")
  static let withSystem = Pair(instruction: "a", output: "b", system: "s")
  static let withTurns = Pair(
    instruction: "a", output: "b",
    turns: [.init(role: .user, content: "1"), .init(role: .assistant, content: "2")])

  private func rows(_ pairs: [Pair], _ format: Format) throws -> String {
    var writer = RowWriter(format: format)
    var output = writer.begin()
    for pair in pairs {
      try pair.canonicalBytes.withUnsafeBytes { try writer.append(pair: $0, to: &output) }
    }
    return String(decoding: output + writer.end(), as: UTF8.self)
  }

  @Test("the usual spelling of each format")
  func standard() throws {
    #expect(
      try rows([Self.plain, Self.withInput], .alpacaJSON) == """
        [
            {
                "instruction": "a",
                "input": "",
                "output": "b"
            },
            {
                "instruction": "a",
                "input": "i",
                "output": "b"
            }
        ]

        """)
    #expect(
      try rows([Self.withSystem], .alpacaJSONL)
        == #"{"instruction": "a", "input": "", "output": "b", "system": "s"}"# + "\n")
    #expect(try rows([Self.plain], .promptCompletion) == #"{"prompt": "a", "completion": "b"}"# + "\n")
    #expect(
      try rows([Self.withTurns], .messages)
        == #"{"messages": [{"role": "user", "content": "1"}, {"role": "assistant", "content": "2"}, "#
        + #"{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}"# + "\n")
    #expect(try rows([Self.withSystem], .shareGPT).contains(#""from": "system""#))
  }

  @Test(
    "what a format cannot hold is refused, never dropped",
    arguments: [
      (withTurns, Format.alpacaJSON, ExportFailure.earlierTurns(.alpacaJSON)),
      (withTurns, .alpacaJSONL, .earlierTurns(.alpacaJSONL)),
      (withTurns, .promptCompletion, .earlierTurns(.promptCompletion)),
      (withInput, .promptCompletion, .input(.promptCompletion)), (withInput, .messages, .input(.messages)),
      (withInput, .shareGPT, .input(.shareGPT)), (withSystem, .promptCompletion, .system(.promptCompletion)),
    ])
  func refused(pair: Pair, format: Format, failure: ExportFailure) {
    #expect(throws: failure) { try rows([pair], format) }
  }

  @Test("bytes that are no pair are refused")
  func notAPair() {
    var writer = RowWriter(format: .alpacaJSONL)
    var output: [UInt8] = []
    for text in [
      "", "{}", #"{"instruction":"a"}"#, #"{"instruction":"a","kind":"pair","output":"b","v":1}x"#,
    ] {
      #expect(throws: ExportFailure.notAPair) {
        try Array(text.utf8).withUnsafeBytes { try writer.append(pair: $0, to: &output) }
      }
    }
    #expect(output.isEmpty)
  }

  @Test(
    "whatever is exported in a format is imported as the same pairs",
    arguments: Format.allCases.filter(\.isJSON))
  func reimported(format: Format) throws {
    var source = RowSource(random: SplitMix64(seed: 3))
    let pairs = (0..<40).map { index -> Pair in
      let holdsTurns = format == .messages || format == .shareGPT
      let holdsSystem = format != .promptCompletion
      return Pair(
        instruction: source.text(), input: holdsTurns || !holdsSystem ? nil : source.text() + " ",
        output: source.text(100), system: holdsSystem && index % 3 == 0 ? source.text() : nil,
        turns: holdsTurns && index % 2 == 0
          ? [.init(role: .user, content: source.text()), .init(role: .assistant, content: source.text())] : []
      )
    }
    let transfer = try Transfer(try rows(pairs, format))
    #expect(transfer.layout.format == format)
    #expect(transfer.pairs == pairs.map(\.canonicalBytes))
    #expect(transfer.verbatimCount == 0)
  }

  @Test("columns go along into another format's rows, sorted behind the pair")
  func columnsInOtherLayout() throws {
    let transfer = try Transfer(#"{"z":1,"prompt":"a","b":[1,{"c":2}],"completion":"x"}"#)
    #expect(
      try transfer.exported(.standard(.alpacaJSONL))
        == #"{"instruction": "a", "input": "", "output": "x", "b": [1, {"c": 2}], "z": 1}"# + "\n")
  }

  @Test("a stored layout that would write no JSON is refused")
  func damagedLayout() throws {
    let layout = Layout.standard(.alpacaJSONL)
    let text = String(decoding: CanonicalJSON.encode(layout.json), as: UTF8.self)
    let damages = [
      ("\"colon\":\": \"", "\"colon\":\"= \""), ("\"comma\":\", \"", "\"comma\":\" \""),
      ("\"comma\":\", \"", "\"comma\":\",,\""),
      ("\"open\":\"\"", "\"open\":\"x\""), ("\"separator\":\"\\n\"", "\"separator\":\"\""),
      ("\"role\":\"input\"", "\"role\":\"inputs\""),
      ("\"format\":\"alpaca-jsonl\"", "\"format\":\"alpaca\""), ("\"close\":\"\"", "\"close\":0"),
    ]
    for (from, to) in damages {
      let parts = text.split(separator: from, maxSplits: 1, omittingEmptySubsequences: false)
      let damaged = try #require(parts.count == 2 ? parts.joined(separator: to) : nil)
      let value = try JSON.parse(Array(damaged.utf8))
      #expect(throws: LayoutFailure.self) { try Layout(json: value) }
    }
  }
}
