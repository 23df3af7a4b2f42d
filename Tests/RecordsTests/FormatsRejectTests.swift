import Testing

@testable import Records

@Suite("Malformed rows are named with place and reason")
struct FormatsRejectTests {
  /// The second row of a file, `‸` where the fault is, and a part of the reason.
  static let rows: [(String, String)] = [
    (#"{"instruction":"a","output":"b"‸"#, "ends inside an object"),
    (#"{"instruction":"a","output":‸}"#, "expected a JSON value"),
    (#"{"instruction":"a","output":"‸\x"}"#, "unknown escape"),
    (#"{"instruction":"a",‸"instruction":"b","output":"c"}"#, "twice"),
    (#"{"instruction":"a","output":"b","n":‸9007199254740993}"#, "more digits"),
    (#"{"instruction":"a","output":"b","n":{"x":1,‸"x":2}}"#, "twice"),
    (#"{"instruction":"a","output":"b"} ‸x"#, "after the end"),
    (#"‸{"instruction":"a"}"#, "no \"output\""),
    (#"‸{"output":"a"}"#, "no \"instruction\""),
    (#"‸{}"#, "no \"instruction\""),
    (#"{"instruction":‸1,"output":"b"}"#, "\"instruction\" must be a string"),
    (#"{"instruction":"a","output":‸null}"#, "\"output\" must be a string"),
    (#"{"instruction":"a","output":"b","input":‸["x"]}"#, "\"input\" must be a string"),
    (#"‸["a","b"]"#, "must be a JSON object"), (#"‸"text""#, "must be a JSON object"),
    (#"‸12"#, "must be a JSON object"),
    (#"‸null"#, "must be a JSON object"), (#"‸not json"#, "true, false or null"),
    (#"‸instruction,output"#, "expected a JSON value"),
    (#"{"instruction":"‸\ud800","output":"b"}"#, "surrogate"),
  ]

  @Test("lines", arguments: rows)
  func line(marked: String, reason: String) throws {
    let refusal = Refusal("{\"instruction\":\"a\",\"output\":\"b\"}\n  \(marked)", .emptyText)
    let (text, place) = try #require(refusal.parts)
    for suffix in ["", "\n", "\r\n{\"instruction\":\"c\",\"output\":\"d\"}"] {
      let bytes = text + Array(suffix.utf8)
      let transfer = try Transfer(bytes)
      let reject = try #require(transfer.rejects.first)
      #expect(reject.reason.contains(reason))
      #expect([reject.line, reject.column, reject.byte] == [place.line, place.column, place.byte])
      // Left out, the others are read, and numbered without a gap.
      let skipping = try Transfer(bytes, ImportOptions(skipInvalid: true))
      #expect(skipping.rejects == transfer.rejects)
      #expect(skipping.pairs.count == (suffix.count > 2 ? 2 : 1))
      #expect(skipping.origins.first?.first == 1)
    }
  }

  @Test("elements of an array", arguments: rows.filter { $0.0.last == "}" })
  func element(marked: String, reason: String) throws {
    let refusal = Refusal("[\n  {\"instruction\":\"a\",\"output\":\"b\"},\n  \(marked)\n]", .emptyText)
    let (text, place) = try #require(refusal.parts)
    var found: RejectedRow?
    do { found = try Transfer(text).rejects.first } catch ImportFailure.malformed(let row) { found = row }
    let reject = try #require(found)
    #expect(reject.reason.contains(reason))
    #expect([reject.line, reject.column, reject.byte] == [place.line, place.column, place.byte])
  }

  static let arrays: [(String, String)] = [
    ("[{\"instruction\":\"a\",\"output\":\"b\"}‸", "ends inside an array"),
    ("[{\"instruction\":\"a\",\"output\":\"b\"},‸", "ends inside an array"),
    ("[{\"instruction\":\"a\",\"output\":\"b\"}\n‸{}]", "expected ',' or ']'"),
    ("[{\"instruction\":\"a\",\"output\":\"b\"}]\n‸x", "after the end"),
    ("[{\"instruction\":\"a\",\"output\":\"b\"},\n {\"instruction\":\"a\"‸", "ends inside an object"),
    ("[{\"instruction\":\"a\",\"output\":\"b\"},\n {\"instruction\":\"a‸", "ends inside a string"),
    (
      "[{\"instruction\":\"a\",\"output\":\"b\"},\n {\"instruction\":\"a\",\"output\":\"b\"‸]]",
      "expected ',' or '}'"
    ),
  ]

  @Test("what is around the rows", arguments: arrays)
  func array(marked: String, reason: String) throws {
    let (text, place) = try #require(Refusal(marked, .emptyText).parts)
    var found: RejectedRow?
    do { found = try Transfer(text).rejects.first } catch ImportFailure.malformed(let row) { found = row }
    let reject = try #require(found)
    #expect(reject.reason.contains(reason))
    #expect([reject.line, reject.column, reject.byte] == [place.line, place.column, place.byte])
  }

  static let messages: [(String, String)] = [
    (#"‸[]"#, "last message must be"), (#"‸[{"role":"user","content":"a"}]"#, "last message must be"),
    (#"‸[{"role":"assistant","content":"a"}]"#, "before the last"),
    (
      #"‸[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"assistant","content":"b"}]"#,
      "before the last"
    ),
    (
      #"[{"role":"user","content":"a"},‸{"role":"assistant","content":null,"tool_calls":[{}]}]"#,
      "message 2 calls"
    ),
    (
      #"[{"role":"user","content":"a"},‸{"role":"tool","content":"x"},{"role":"assistant","content":"b"}]"#,
      "message 2 calls"
    ),
    (
      #"[{"role":"user","content":‸[{"type":"text","text":"a"}]},{"role":"assistant","content":"b"}]"#,
      "not a string"
    ),
    (#"[{"role":"user","content":"a"},{"role":"assistant","content":‸null}]"#, "not a string"),
    (#"[‸{"content":"a"},{"role":"assistant","content":"b"}]"#, "message 1 has no \"role\""),
    (#"[{"role":"user","content":"a"},‸{"role":"assistant"}]"#, "message 2 has no \"content\""),
    (#"[{"role":‸"critic","content":"a"},{"role":"assistant","content":"b"}]"#, "from \"critic\""),
    (#"‸"text""#, "array of messages"), (#"[‸1]"#, "array of messages"),
    (#"[{"role":"user","content":"a",‸"content":"b"},{"role":"assistant","content":"b"}]"#, "twice"),
  ]

  @Test("conversations", arguments: messages)
  func conversation(marked: String, reason: String) throws {
    let good = #"{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}"#
    let (text, place) = try #require(Refusal("\(good)\n{\"messages\":\(marked)}", .emptyText).parts)
    let transfer = try Transfer(text)
    let reject = try #require(transfer.rejects.first)
    #expect(reject.reason.contains(reason))
    #expect([reject.line, reject.column, reject.byte] == [place.line, place.column, place.byte])
    #expect(transfer.pairs.count == 1)
  }

  @Test("many malformed rows leave full chunks behind")
  func manyRejects() throws {
    let rows = (0..<2000).map {
      $0 % 3 == 1 ? "{\"oops\":\($0)}" : "{\"instruction\":\"\($0)\",\"output\":\"b\"}"
    }
    let transfer = try Transfer(rows.joined(separator: "\n"), ImportOptions(skipInvalid: true))
    #expect(transfer.rejects.count == 667)
    #expect(transfer.pairs.count == 1333)
    #expect(transfer.origins.map(\.count) == [512, 512, 309])
    #expect(transfer.origins.map(\.first) == [1, 513, 1025])
    // Places still count every line of the file.
    #expect(transfer.origins[2].place(at: 308)?.line == 1999 + 1 - (1999 % 3 == 1 ? 1 : 0))
    // What is left out is not written, and the others stand on lines of their own.
    let kept = rows.enumerated().filter { $0.offset % 3 != 1 }.map(\.element).joined(separator: "\n")
    #expect(try transfer.exported() == kept)
  }
}
