import Testing

@testable import Records

@Suite("Formats are told by content")
struct FormatsDetectionTests {
  static let files: [(String, Format)] = [
    (#"{"instruction":"a","output":"b"}"#, .alpacaJSONL),
    (#"{"id":1,"output":"b","input":"","instruction":"a"}"#, .alpacaJSONL),
    (#"[{"instruction":"a","output":"b"}]"#, .alpacaJSON),
    ("\u{feff}\n [\n{\"instruction\":\"a\",\"output\":\"b\"}]", .alpacaJSON),
    ("\u{feff}{\"instruction\":\"a\",\"output\":\"b\"}\n", .alpacaJSONL),
    (#"{"prompt":"a","completion":"b"}"#, .promptCompletion),
    (#"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#, .messages),
    (#"[{"conversations":[{"from":"human","value":"a"},{"from":"gpt","value":"b"}]}]"#, .shareGPT),
    (#"{"conversations":[{"from":"human","value":"a"},{"from":"gpt","value":"b"}]}"#, .shareGPT),
    (#"{"conversations":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#, .shareGPT),
  ]

  @Test("one pair in every format is the same pair", arguments: files)
  func detected(text: String, format: Format) throws {
    let transfer = try Transfer(text)
    #expect(transfer.layout.format == format)
    #expect(transfer.pairTexts == [#"{"instruction":"a","kind":"pair","output":"b","v":1}"#])
    #expect(try transfer.exported().utf8.elementsEqual(text.utf8))
  }

  @Test("columns under other names")
  func renamed() throws {
    let text = #"{"question":"a","context":"c","answer":"b","input":7}"#
    #expect(throws: ImportFailure.unknownColumns(["question", "context", "answer", "input"])) {
      try Transfer(text)
    }
    let fields = ["instruction": "question", "input": "context", "output": "answer"]
    let transfer = try Transfer(text, ImportOptions(fields: fields))
    #expect(transfer.pairTexts == [#"{"input":"c","instruction":"a","kind":"pair","output":"b","v":1}"#])
    #expect(transfer.column("input", of: 0) == "7")
    #expect(try transfer.exported() == text)
    #expect(throws: ImportFailure.unknownRole("answer")) {
      try Transfer(text, ImportOptions(fields: ["answer": "output"]))
    }
  }

  @Test("a renamed column that the first rows lack is found later")
  func renamedLate() throws {
    let rows =
      (0..<200).map { "{\"q\":\"a\($0)\",\"output\":\"b\"}" } + [#"{"q":"x","ctx":"c","output":"b"}"#]
    let transfer = try Transfer(
      rows.joined(separator: "\n"), ImportOptions(fields: ["instruction": "q", "input": "ctx"]))
    #expect(transfer.pairTexts.last == #"{"input":"c","instruction":"x","kind":"pair","output":"b","v":1}"#)
    #expect(transfer.verbatimCount == 0)
  }

  @Test("a format that was asked for and is not there")
  func otherFormat() {
    let array = #"[{"instruction":"a","output":"b"}]"#
    #expect(throws: ImportFailure.otherFormat(asked: .alpacaJSONL, found: "a JSON array")) {
      try Transfer(array, ImportOptions(format: .alpacaJSONL))
    }
    #expect(throws: ImportFailure.otherFormat(asked: .alpacaJSON, found: "JSON lines")) {
      try Transfer(String(array.dropFirst().dropLast()), ImportOptions(format: .alpacaJSON))
    }
  }

  @Test("a file without rows", arguments: ["", "\n\n", "[]", "[ ]\n", "\u{feff}"])
  func noRows(text: String) {
    #expect(throws: ImportFailure.noRows) { try Transfer(text) }
  }
}
