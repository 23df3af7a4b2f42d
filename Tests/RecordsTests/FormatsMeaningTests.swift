import Testing

@testable import Records

@Suite("What rows mean")
struct FormatsMeaningTests {
  private func row(input: String) -> String { "{\"instruction\":\"a\",\"input\":\(input),\"output\":\"b\"}" }

  @Test(
    "placeholders are no input and come back as they were",
    arguments: [
      "<noinput>", "<NoInput>", "<NOINPUT>", "N/A", "n/a", "N\\/A", "NA", "none", "None", "NONE",
      "\\u003cnoinput>",
    ])
  func placeholder(spelling: String) throws {
    let filler = Array(repeating: row(input: "\"x\""), count: 3).joined(separator: "\n")
    let text = filler + "\n" + row(input: "\"\(spelling)\"")
    let transfer = try Transfer(text)
    #expect(transfer.pairTexts[3] == #"{"instruction":"a","kind":"pair","output":"b","v":1}"#)
    #expect(transfer.warnings == ["placeholder-input": 1])
    #expect(transfer.origins[0].placeholder(at: 3) == (try JSON.parse(Array("\"\(spelling)\"".utf8)).string))
    #expect(try transfer.exported() == text)
  }

  @Test(
    "what only looks like a placeholder is an input",
    arguments: [
      "DNA", "none of these", "na", "Na", "N/A.", " N/A", "<noinput> ", "noinput", "NAN", "nil", "-", "null",
    ])
  func input(text: String) throws {
    let transfer = try Transfer(row(input: "\"\(text)\""))
    #expect(
      transfer.pairTexts == [
        "{\"input\":\"\(text)\",\"instruction\":\"a\",\"kind\":\"pair\",\"output\":\"b\",\"v\":1}"
      ])
    #expect(transfer.warnings.isEmpty)
  }

  @Test("an input that is absent, null or empty is the same pair and keeps its spelling")
  func absentInput() throws {
    let rows = [
      row(input: "\"\""), #"{"instruction":"a","output":"b"}"#, row(input: "null"), row(input: "\"\""),
    ]
    let text = rows.joined(separator: "\n")
    let transfer = try Transfer(text)
    #expect(Set(transfer.pairTexts).count == 1)
    #expect(transfer.verbatimCount == 2)
    #expect(try transfer.exported() == text)
  }

  @Test("an empty input in a file that usually has none is a placeholder, not a kept row")
  func emptyInput() throws {
    let plain = #"{"instruction":"a","output":"b"}"#
    let text = [plain, plain, row(input: "\"\""), plain].joined(separator: "\n")
    let transfer = try Transfer(text)
    #expect(transfer.verbatimCount == 0)
    #expect(transfer.origins[0].placeholder(at: 2) == "")
    #expect(try transfer.exported() == text)
  }

  @Test("columns are kept as canonical values")
  func columns() throws {
    let text =
      #"{"n": 1.50, "instruction": "a", "output": "b", "list": [ 1,2], "s": "\u00e9", "z": {"b": 1, "a": null}}"#
    let transfer = try Transfer(text + "\n")
    #expect(transfer.column("n", of: 0) == "1.5")
    #expect(transfer.column("list", of: 0) == "[1,2]")
    #expect(transfer.column("s", of: 0) == "\"é\"")
    #expect(transfer.column("z", of: 0) == #"{"a":null,"b":1}"#)
    #expect(transfer.column("instruction", of: 0) == nil)
    #expect(try transfer.exported() == text + "\n")
  }

  @Test("a conversation is the last answer with what led to it")
  func conversation() throws {
    let text =
      #"{"messages":[{"role":"system","content":"s"},{"role":"user","content":"1"},{"role":"assistant","content":"2"},"#
      + #"{"role":"user","content":"3"},{"role":"assistant","content":"4"}],"k":1}"#
    let transfer = try Transfer(text)
    #expect(
      transfer.pairTexts == [
        #"{"instruction":"3","kind":"pair","output":"4","system":"s","#
          + #""turns":[{"content":"1","role":"user"},{"content":"2","role":"assistant"}],"v":1}"#
      ])
    #expect(try transfer.exported() == text)
    #expect(transfer.verbatimCount == 0)
  }

  @Test("unknown members of messages survive as the row's own bytes")
  func unknownMembers() throws {
    let text =
      #"{"messages":[{"role":"user","content":"a","name":"x"},{"role":"assistant","content":"b","weight":0}]}"#
    let transfer = try Transfer(text)
    #expect(transfer.pairTexts == [#"{"instruction":"a","kind":"pair","output":"b","v":1}"#])
    #expect(transfer.verbatimCount == 1)
    #expect(try transfer.exported() == text)
  }

  @Test("ShareGPT's system column and system message")
  func shareGPTSystem() throws {
    let turns = #"[{"from":"human","value":"a"},{"from":"gpt","value":"b"}]"#
    let column = "{\"system\":\"s\",\"conversations\":\(turns)}"
    let message = "{\"conversations\":[{\"from\":\"system\",\"value\":\"s\"},\(turns.dropFirst())}"
    let pair = #"{"instruction":"a","kind":"pair","output":"b","system":"s","v":1}"#
    for text in [column, message, column + "\n" + message, message + "\n" + column] {
      let transfer = try Transfer(text)
      #expect(Set(transfer.pairTexts) == [pair])
      #expect(try transfer.exported() == text)
    }
  }

  @Test("empty answers are read, with a warning")
  func emptyOutput() throws {
    let transfer = try Transfer(#"{"instruction":"","output":""}"#)
    #expect(transfer.warnings == ["empty-output": 1, "empty-instruction": 1])
  }
}
