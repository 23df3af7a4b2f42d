import Foundation
import History
import Records
import Testing

@testable import Workbench

/// Records found by pair, by text and by the rows of a file; why a version has one or not.
@Suite struct BlameListTests {
  private let workshop: Workshop

  /// Five rows, of which the second is edited and the fourth removed by commits of their own.
  init() throws {
    workshop = try Workshop()
    try workshop.write("a.jsonl", lines((1...5).map { Self.row("p\($0)", "Q\($0)?", "Answer \($0) ends.") }))
    try workshop.commit("a.jsonl")
    _ = try NamesRequest(.tag, action: .create("v1", at: "HEAD")).run(in: workshop.session)
    try workshop.write("fix.jsonl", lines([Self.row("p2", "Q2?", "Edited.")]))
    try workshop.commit(.update(ImportRequest(source: "fix.jsonl"), key: "id"), at: 60)
    try workshop.write(
      "all.jsonl",
      try workshop.checkout().split(separator: "\n").filter { !$0.contains("p4") }.joined(separator: "\n"))
    try workshop.commit(.sync(ImportRequest(source: "all.jsonl")), at: 120)
  }

  private static func row(_ id: String, _ instruction: String, _ output: String) -> [String: String] {
    ["id": id, "instruction": instruction, "output": output]
  }

  private func list(_ what: BlameListRequest.What, _ revision: String = "HEAD") throws -> [BlameRow] {
    var rows: [BlameRow] = []
    let result = try BlameListRequest(what, revision: revision).run(
      in: workshop.session, each: { rows.append($0) })
    #expect(result.rows == rows.count)
    #expect(result.edited == rows.count { $0.match == .edited })
    #expect(result.absent == rows.count { $0.match == .absent })
    #expect(result.lastLine == rows.compactMap(\.line).max() ?? 0)
    #expect(result.longestRecord == rows.compactMap { $0.record?.utf8.count }.max() ?? 0)
    return rows
  }

  private func file(_ name: String, _ lines: ClosedRange<Int>? = nil) -> BlameListRequest.What {
    .file(ImportRequest(source: name), lines: lines)
  }

  private func log() throws -> [String] { try LogRequest().run(in: workshop.session).map(\.commit) }

  @Test func everyRowOfAFileIsFound() throws {
    var text = try workshop.checkout().split(separator: "\n").map(String.init)
    text[0] = lines([Self.row("p1", "Q1?", "Reworded.")]).trimmingCharacters(in: .newlines)
    text.insert(lines([Self.row("n", "New?", "Yes.")]).trimmingCharacters(in: .newlines), at: 2)
    text.swapAt(1, 4)
    try workshop.write("edited.jsonl", text.joined(separator: "\n"))
    let rows = try list(file("edited.jsonl"))
    #expect(rows.map(\.line) == [1, 2, 3, 4, 5])
    #expect(rows.map(\.match) == [.edited, .same, .absent, .same, .same])
    #expect(rows.map { $0.record?.split(separator: ":").last ?? "" } == ["1", "5", "", "3", "2"])
    #expect(rows.map(\.instruction) == ["Q1?", "Q5?", "New?", "Q3?", "Q2?"])
    let commits = try log()
    #expect(
      rows.map(\.commit?.commit) == [commits[2], commits[2], nil, commits[2], commits[1]])
    #expect(rows.map(\.origin?.file) == ["a.jsonl", "a.jsonl", nil, "a.jsonl", "fix.jsonl"])
    #expect(try list(file("edited.jsonl", 4...9)).map(\.line) == [4, 5])
    #expect(throws: Failure.self) { try list(file("edited.jsonl", 6...9)) }
    // Against the first version the edited answer is an edit, and what was removed is there.
    try workshop.write("old.jsonl", try workshop.checkout("v1"))
    #expect(try list(file("old.jsonl"), "v1").map(\.match) == Array(repeating: .same, count: 5))
    #expect(try list(file("old.jsonl")).map(\.match) == [.same, .edited, .same, .absent, .same])
  }

  @Test func pairsAndTexts() throws {
    let first = try list(file("a.jsonl", 3...3))
    let record = try #require(first.first?.record)
    let pair = try #require(try BlameRequest(record: record).run(in: workshop.session).pair)
    #expect(try list(.pair(pair)).map(\.record) == [record])
    #expect(try list(.pair(String(pair.prefix(12)))).map(\.record) == [record])
    #expect(try list(.text("answer \"3 ends")).map(\.record) == [record])
    #expect(try list(.text("ends answer")).isEmpty)
    let batch = try #require(record.split(separator: ":").first.map(String.init))
    #expect(throws: Failure.self) { try list(.pair(batch)) }
  }

  @Test func whyIsAnsweredForEveryState() throws {
    func why(_ row: Int, _ revision: String = "HEAD") throws -> WhyResult {
      let batch = try #require(
        try list(file("a.jsonl", 1...1)).first?.record?.split(separator: ":").first)
      return try WhyRequest(record: "\(batch):\(row)", revision: revision).run(in: workshop.session)
    }
    let commits = try log()
    #expect(try why(1).isPresent && why(1).change?.commit == commits[2])
    #expect(try why(2).change?.commit == commits[1] && why(2, "v1").change?.commit == commits[2])
    let removed = try why(4)
    #expect(!removed.isPresent && removed.change?.kind == .removed && removed.change?.commit == commits[0])
    #expect(removed.instruction == "Q4?" && removed.nearest == nil && removed.decisions.isEmpty)
    #expect(try why(4, "v1").isPresent)
    #expect(throws: Failure.self) { try why(9) }
    try workshop.write("twin.jsonl", lines([Self.row("t", "q3? ", "answer 3 ENDS.")]))
    try workshop.commit("twin.jsonl", at: 180)
    _ = try DedupRequest(keep: .newest).run(in: workshop.session)
    let dropped = try why(3)
    #expect(!dropped.isPresent && dropped.decisions.map(\.rule) == ["normalised"])
    #expect(dropped.nearest?.record == dropped.decisions[0].other)
    #expect(dropped.nearest?.fields.map(\.name) == ["instruction", "output", "id"])
    #expect(try why(3, "HEAD~1").isPresent && why(3, "HEAD~1").decisions.isEmpty)
    #expect(removed.choice == nil)
    #expect(dropped.choice?.verb == "dedup" && dropped.choice?.settings["keep"]?.string == "newest")
    #expect(try why(1).choice == nil)
    let condition = "output <>\n'Edited.'"
    _ = try SelectRequest(selection: Selection(condition: condition), branch: "some").run(
      in: workshop.session)
    let left = try why(2, "some")
    #expect(left.choice?.verb == "select" && left.choice?.commit == left.change?.commit)
    #expect(left.choice?.settings["where"]?.string == condition)
    // What left it out is told by later versions too, and what was dropped before keeps its reason.
    let sample = Selection(
      choice: .sample(.records(1), stratify: "id"), seed: 7, isInverted: true)
    _ = try SelectRequest(revision: "some", selection: sample, branch: "fewer").run(in: workshop.session)
    #expect(try why(2, "fewer").choice?.commit == left.choice?.commit)
    #expect(try why(3, "fewer").choice?.verb == "dedup")
    let gone = try [1, 5].map { try why($0, "fewer") }.first { !$0.isPresent }
    #expect(gone?.choice?.settings["seed"]?.string == "7")
    #expect(gone?.choice?.settings["stratify"]?.string == "id")
    #expect(gone?.choice?.settings["invert"]?.string == "true")
  }

  /// White space may be any number of lines.
  @Test func aLineBeyond32BitsIsTold() {
    var finds = BlameFinds([])
    finds.add(line: 1 << 40, nil)
    #expect(finds.finds.map(\.line) == [1 << 40])
    #expect(MemoryLayout<BlameFinds.Find>.stride == 16)
  }
}
