import History
import Records
import Testing

@testable import Workbench

/// The view `reasons` against what the verbs that decided said, and against what `blame` tells.
@Suite struct QueryReasonsTests {
  private let workshop: Workshop
  private let deduplication: DedupResult
  private let dropped: [DroppedRecord]

  /// Forty rows in two spellings, of which a deduplication drops half; then a merge with a conflict and a twin.
  init() throws {
    workshop = try Workshop()
    let rows = (0..<20).flatMap { number in
      ["task \(number)", " Task \(number)"].map { ["id": "\($0)", "instruction": $0, "output": "same"] }
    }
    try workshop.write("a.jsonl", lines(rows))
    try workshop.commit("a.jsonl")
    try workshop.tag("v1")
    var drops: [DroppedRecord] = []
    deduplication = try DedupRequest().run(in: workshop.session) { drops.append($0) }
    dropped = drops
    _ = try SwitchRequest(branch: "side", create: true).run(in: workshop.session)
    try edit("theirs", add: "b.jsonl")
    _ = try SwitchRequest(branch: "main", create: false).run(in: workshop.session)
    try edit("ours", add: "c.jsonl")
    _ = try MergeRequest(revision: "side", policies: [.editEdit: .theirs]).run(in: workshop.session)
  }

  private func edit(_ answer: String, add name: String) throws {
    try workshop.write("fix.jsonl", lines([["id": "task 3", "instruction": "task 3", "output": answer]]))
    try workshop.commit(.update(ImportRequest(source: "fix.jsonl"), key: "id"))
    try workshop.write(name, lines([["instruction": "twin", "output": "same", "in": name]]))
    try workshop.commit(name)
  }

  private static let all = "SELECT record, decision, rule, other, score, verb, commit_id FROM reasons"

  @Test func saysWhatWasDecided() throws {
    #expect(try workshop.ask(Self.all, at: "v1").isEmpty)
    let commits = try workshop.ask("SELECT commit_id FROM commits").map { $0[0] }
    let rows = try workshop.ask(Self.all)
    #expect(rows.prefix(2).map { $0[5] } == ["merge", "merge"])
    #expect(Set(rows.prefix(2).map { $0[2] }) == ["edit/edit", "duplicate-across-sides"])
    #expect(rows.prefix(2).allSatisfy { $0[6] == commits[0] })
    let drops = rows.dropFirst(2)
    #expect(drops.count == 20 && dropped.count == 20)
    #expect(drops.allSatisfy { $0[1] == "drop" && $0[5] == "dedup" && $0[6] == deduplication.commit?.commit })
    let workspace = try Workspace(workshop.session)
    for (row, drop) in zip(drops, dropped) {
      let (record, other) = (try #require(RecordID(row[0])), try #require(RecordID(row[3])))
      #expect(try workspace.short(record) == drop.record && workspace.short(other) == drop.other)
      #expect(row[2] == drop.rule)
      let told = try BlameRequest(record: row[0]).run(in: workshop.session).decisions
      #expect(told.map(\.rule) == [row[2]])
    }
  }

  @Test func lookUpsFindTheSame() throws {
    let rows = try workshop.ask(Self.all)
    for row in rows {
      for (column, value) in [("record", row[0]), ("other", row[3]), ("commit_id", row[6])] where value != "-"
      {
        let found = try workshop.ask("\(Self.all) WHERE \(column) = '\(value)'")
        let place = ["record": 0, "other": 3, "commit_id": 6][column] ?? 0
        #expect(Set(found) == Set(rows.filter { $0[place] == value }), "\(column)")
      }
    }
    // Rows that two look-ups lead to come once.
    let (first, last) = (rows[2], rows[rows.count - 1])
    let either = try workshop.ask(
      "\(Self.all) WHERE record = '\(first[0])' OR other = '\(first[3])' OR record = '\(last[0])'")
    #expect(either.count == 2 && Set(either) == [first, last])
    #expect(try workshop.ask("\(Self.all) WHERE record = 'nothing' OR commit_id = 'v1'").isEmpty)
    #expect(try workshop.ask("\(Self.all) WHERE commit_id = 'HEAD'").count == 2)
  }

  @Test func joinsWithRecordsOfAnyVersion() throws {
    let joined = try workshop.ask(
      """
      SELECT o.instruction, n.instruction FROM reasons('HEAD') d JOIN commits c USING (commit_id)
        JOIN records(c.parent_id) o ON o.record = d.record JOIN records n ON n.record = d.other
        WHERE d.verb = 'dedup' ORDER BY o.position LIMIT 2
      """)
    #expect(joined == [[" Task 0", "task 0"], [" Task 1", "task 1"]])
    #expect(
      try workshop.ask("SELECT c.position, count(*) FROM commits c, reasons(c.commit_id) GROUP BY 1").count
        == 6)
  }
}
