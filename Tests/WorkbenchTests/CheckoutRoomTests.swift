import Foundation
import Records
import Testing

@testable import Workbench

/// Columns with the names of parts of the pair: no checkout says a name twice or is read as other pairs.
@Suite struct CheckoutRoomTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  private func add(_ name: String, _ text: String, fields: [String: String] = [:]) throws {
    try workshop.write(name, text + "\n")
    // The first file's layout is the version's.
    try workshop.commit(.files([request(name, fields: fields)]), at: name == "a.jsonl" ? 0 : 60)
  }

  private func request(_ name: String, _ format: String? = nil, fields: [String: String] = [:])
    -> ImportRequest
  {
    var provenance = ImportRequest.Provenance()
    (provenance.format, provenance.fields) = (format, fields)
    return ImportRequest(source: name, provenance: provenance)
  }

  /// A conversation with one more column.
  private static func talk(_ column: String, _ value: String = "\"x\"") -> String {
    #"{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"R"}],"\#(column)":\#(value)}"#
  }

  /// What a checkout is refused with, and that nothing is written.
  private func refusal(_ format: String? = nil) throws -> Failure {
    var seen = 0
    let stream = CheckoutRequest(
      version: .revision("HEAD"), target: .stream { seen += $0.count }, format: format)
    _ = try? stream.run(in: workshop.session)
    #expect(seen == 0)
    do {
      _ = try workshop.checkout(format: format)
    } catch let failure as Failure {
      #expect(failure.kind == .data)
      #expect(!FileManager.default.fileExists(atPath: workshop.folder.appending(path: "checkout.tmp").path))
      return failure
    }
    throw Failure(.other, "the checkout was made")
  }

  /// A checkout is read as the same records.
  private func returns(_ format: String? = nil) throws {
    try workshop.write("again", try workshop.checkout(format: format))
    try FileManager.default.removeItem(at: workshop.folder.appending(path: "checkout.tmp"))
    let count = try workshop.ask("SELECT count(*) FROM records").first?.first.flatMap(Int.init)
    let rows = try BlameListRequest(.file(request("again", format), lines: nil)).rows(in: workshop.session)
    #expect(rows.map(\.match) == Array(repeating: .same, count: count ?? 0))
    let sync = try workshop.commit(.sync(request("again", format)))
    #expect(sync.commit == nil && sync.unchanged == count)
  }

  private func formats(_ hint: String) -> [String] {
    hint.matches(of: /--format ([a-z-]+)/).map { String($0.1) }
  }

  @Test(arguments: ["instruction", "output", "input", "system"])
  func aColumnBesideAConversation(column: String) throws {
    try add("a.jsonl", #"{"instruction":"A?","output":"a","topic":"t"}"#)
    try add("b.jsonl", Self.talk(column))
    for format in [nil, "alpaca-json", "alpaca-jsonl", "csv", "tsv"] {
      let failure = try refusal(format)
      #expect(failure.message.contains(":1` has a column `\(column)`"))
      #expect(formats(failure.hints.first ?? "").contains("messages"))
    }
    // Each format that is named has room, and each that has none is not named.
    let named = try formats(refusal().hints.first ?? "")
    for format in Format.allCases.map(\.rawValue) {
      if named.contains(format) { try returns(format) } else { _ = try refusal(format) }
    }
    #expect(named.contains("sharegpt") == (column != "system"))
  }

  @Test func aRecordThatIsGoneIsNoReason() throws {
    try add("a.jsonl", #"{"instruction":"A?","output":"a"}"#)
    try add("b.jsonl", Self.talk("instruction"))
    _ = try refusal()
    _ = try SelectRequest(selection: Selection(condition: "instruction <> 'Q'")).run(in: workshop.session)
    try returns()
    try returns("csv")
  }

  @Test func anEditCanBringTheColumn() throws {
    try add("a.jsonl", #"{"id":1,"instruction":"A?","output":"a"}"#)
    try workshop.write("fix.jsonl", Self.talk("id", "1,\"instruction\":\"x\"") + "\n")
    try workshop.commit(.update(ImportRequest(source: "fix.jsonl"), key: "id"))
    #expect(try refusal().message.contains("`instruction`"))
    try returns("messages")
  }

  /// The first file called the instruction otherwise: rows that use that name for something else are written with the
  /// usual names.
  @Test func aRenamedPartGivesWay() throws {
    try add("a.jsonl", #"{"question":"A?","output":"a"}"#, fields: ["instruction": "question"])
    try workshop.write("again", try workshop.checkout())
    let same = try BlameListRequest(
      .file(request("again", fields: ["instruction": "question"]), lines: nil)
    ).rows(in: workshop.session)
    #expect(same.map(\.match) == [.same])
    try add("b.jsonl", #"{"instruction":"B?","output":"b","question":7}"#)
    #expect(try workshop.checkout().contains(#""question": 7"#))
    try FileManager.default.removeItem(at: workshop.folder.appending(path: "checkout.tmp"))
    try returns()
    // What was pinned is found again.
    _ = try PinRequest().run(in: workshop.session)
    _ = try CheckoutRequest(version: .locked, target: .file("locked")).run(in: workshop.session)
    #expect(try workshop.text("locked") == workshop.text("again"))
  }

  @Test func aPromptBesideAPrompt() throws {
    try add("a.jsonl", #"{"instruction":"A?","output":"a","prompt":"p.md"}"#)
    let failure = try refusal("prompt-completion")
    #expect(
      formats(failure.hints.first ?? "") == [
        "alpaca-json", "alpaca-jsonl", "messages", "sharegpt", "csv", "tsv",
      ])
    try returns()
  }

  @Test func whenNoFormatHasRoomSomeRecordsAreChosen() throws {
    try add("a.jsonl", #"{"instruction":"A?","input":"i","output":"a"}"#)
    try add("b.jsonl", Self.talk("instruction"))
    let hint = try refusal().hints.first ?? ""
    let condition = try #require(hint.firstMatch(of: /--where "([^"]+)"/)?.1)
    _ = try SelectRequest(selection: Selection(condition: String(condition)), branch: "flat").run(
      in: workshop.session)
    #expect(try workshop.checkout("flat").contains("A?"))
  }
}
