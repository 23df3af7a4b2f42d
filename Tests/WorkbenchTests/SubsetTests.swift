import History
import Objects
import Records
import Testing

@testable import Workbench

/// Splits and selections. Larger ones are held against plain Python in `oracles/subsets.py`.
@Suite struct SubsetTests {
  private let workshop: Workshop

  /// Forty rows: twenty tasks, each in two spellings; topics of different sizes, and rows without one.
  init() throws {
    workshop = try Workshop()
    var rows: [[String: String]] = []
    for task in 1...20 {
      var row = ["id": "a\(task)", "instruction": "Name  bone \(task)", "input": "Ｘ", "output": "one"]
      if task > 3 { row["topic"] = task > 10 ? "bones" : "b\(task % 2)" }
      rows.append(row)
      row["id"] = "b\(task)"
      row["instruction"] = " name BONE \(task) "
      row["input"] = "x"
      row["output"] = "two"
      rows.append(row)
    }
    try workshop.write("rows.jsonl", lines(rows))
    try workshop.commit("rows.jsonl")
  }

  private func kind(_ work: () throws -> Void) -> Failure.Kind? {
    do {
      try work()
      return nil
    } catch { return (error as? Failure)?.kind }
  }

  private func ids(_ revision: String) throws -> Set<String> {
    let request = QueryRequest(.given("SELECT id FROM records"), revision: revision)
    var ids: Set<String> = []
    _ = try request.run(
      in: workshop.session, begin: { _ in },
      each: { cells in
        if case .text(let id) = cells[0] { ids.insert(id) }
        return true
      })
    return ids
  }

  private var parts: [(name: String, share: Share)] {
    get throws {
      try [("train", "0.5"), ("validation", "25%"), ("test", "0.25")].map {
        (name: $0.0, share: try #require(Share($0.1)))
      }
    }
  }

  private func split(
    _ name: String = "split", of revision: String = "HEAD", key: SplitKey = .task, seed: UInt64 = 0,
    dryRun: Bool = false
  ) throws -> SplitResult {
    try SplitRequest(revision: revision, parts: parts, key: key, seed: seed, name: name, dryRun: dryRun).run(
      in: workshop.session)
  }

  // MARK: Splits

  @Test func everyRecordIsInOnePartAndSpellingsStayTogether() throws {
    let result = try split()
    let sets = try result.parts.map { try ids($0.branch) }
    #expect(sets.reduce(0) { $0 + $1.count } == 40)
    #expect(sets.reduce(Set()) { $0.union($1) } == (try ids("HEAD")))
    for set in sets {
      #expect(
        Set(set.filter { $0.hasPrefix("a") }.map { $0.dropFirst() })
          == Set(set.filter { $0.hasPrefix("b") }.map { $0.dropFirst() }))
    }
    #expect(result.parts.map(\.records) == sets.map(\.count))
    let workspace = try Workspace(workshop.session)
    for part in result.parts {
      let commit = try workspace.resolve(part.branch)
      #expect(commit.parents.map(\.hex) == [result.source.commit])
      #expect(commit.message.contains("Split-part: \(part.name)"))
      #expect(commit.dataset.changes == ChangeCounts(removed: 40 - part.records))
      let report = try Report(parsing: workspace.store.read(try #require(commit.dataset.report), .report))
      #expect(report.verb == "split" && report.settings["part"]?.string == part.name && report.count == 0)
    }
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
  }

  @Test func addingRowsMovesNone() throws {
    let before = try split("before").parts.map { try ids($0.branch) }
    try workshop.write(
      "more.jsonl", lines((1...30).map { ["id": "c\($0)", "instruction": "Other \($0)", "output": "o"] }))
    try workshop.commit("more.jsonl")
    let after = try split("after").parts.map { try ids($0.branch) }
    for (old, new) in zip(before, after) { #expect(new.filter { !$0.hasPrefix("c") } == old) }
    #expect(after.reduce(0) { $0 + $1.count } == 70)
  }

  @Test func seedAndKeyDecide() throws {
    let one = try split("one").parts.map { try ids($0.branch) }
    let same = try split("same").parts.map { try ids($0.branch) }
    let other = try split("other", seed: 1).parts.map { try ids($0.branch) }
    #expect(one == same)
    #expect(one != other)
    let byTopic = try split("by-topic", key: .field("topic")).parts.map { try ids($0.branch) }
    let bones = Set((11...20).flatMap { ["a\($0)", "b\($0)"] })
    #expect(byTopic.contains { bones.isSubset(of: $0) })
    let byRecord = try split("by-record", key: .record)
    #expect(byRecord.parts.reduce(0) { $0 + $1.records } == 40)
    #expect(kind { _ = try split("no", key: .field("nothing")) } == .missing)
  }

  @Test func aSplitIsOneOperation() throws {
    let branches = try NamesRequest(.branch, action: .list).run(in: workshop.session).map(\.name)
    let plan = try split(dryRun: true)
    #expect(try NamesRequest(.branch, action: .list).run(in: workshop.session).map(\.name) == branches)
    let made = try split()
    #expect(plan.parts.map(\.records) == made.parts.map(\.records))
    #expect(kind { _ = try split() } == .usage)
    #expect(kind { _ = try split("main") } == .usage)
    _ = try UndoRequest(.undo).run(in: workshop.session)
    #expect(try NamesRequest(.branch, action: .list).run(in: workshop.session).map(\.name) == branches)
    _ = try UndoRequest(.redo).run(in: workshop.session)
    #expect(try ids("split/train").count == made.parts[0].records)
  }

  @Test func sharesMustBeEverything() throws {
    let half = try #require(Share("0.5"))
    for shares in [
      [half], [half, half, half], [half, try #require(Share("0.4"))], [half, try #require(Share("0")), half],
    ] {
      let parts = shares.enumerated().map { (name: "p\($0)", share: $1) }
      #expect(
        kind { _ = try SplitRequest(revision: "HEAD", parts: parts).run(in: workshop.session) } == .usage)
    }
  }

  // MARK: Selections

  private func select(
    _ condition: String? = nil, _ choice: Selection.Choice = .all, seed: UInt64 = 0, invert: Bool = false,
    of revision: String? = nil, branch: String? = nil, dryRun: Bool = false
  ) throws -> SelectResult {
    try SelectRequest(
      revision: revision,
      selection: Selection(condition: condition, choice: choice, seed: seed, isInverted: invert),
      branch: branch, dryRun: dryRun
    ).run(in: workshop.session)
  }

  @Test func aConditionKeepsWhatSatisfiesIt() throws {
    let result = try select("topic = 'bones' AND id LIKE 'a%' -- only the first", branch: "bones")
    #expect(try ids("bones") == Set((11...20).map { "a\($0)" }))
    #expect(result.kept == 10 && result.removed == 30)
    #expect(try ids("HEAD").count == 40)
    // A null is not satisfied, and so among the others.
    _ = try select("topic <> 'bones'", invert: true, branch: "rest")
    #expect(
      try ids("rest")
        == Set((11...20).flatMap { ["a\($0)", "b\($0)"] } + (1...3).flatMap { ["a\($0)", "b\($0)"] }))
  }

  @Test func theCurrentBranchGoesOn() throws {
    let result = try select("id = 'a1'", invert: true)
    #expect(result.kept == 39 && result.branch == "main")
    #expect(!(try ids("HEAD").contains("a1")))
    let commit = try Workspace(workshop.session).resolve("HEAD")
    #expect(
      commit.message
        == "select all but where id = 'a1'\n\nSelect-of: \(result.source.commit)\nSelect-where: id = 'a1'\nSelect-invert: true"
    )
    // Nothing to leave out: no commit.
    #expect(try select("id <> 'a1'").commit == nil)
    _ = try UndoRequest(.undo).run(in: workshop.session)
    #expect(try ids("HEAD").count == 40)
    #expect(kind { _ = try select("id = 'a1'", of: "HEAD~0") } == nil)
    #expect(kind { _ = try select("id = 'b1'", of: result.source.commit) } == .usage)
  }

  @Test func whatIsWrongIsSaidOfTheCondition() throws {
    for (condition, wanted) in [
      ("topik = 'x'", Failure.Kind.usage), ("DELETE FROM records", .usage), ("1; SELECT 1", .usage),
    ] {
      #expect(kind { _ = try select(condition, branch: "x") } == wanted, "\(condition)")
    }
    #expect(kind { _ = try select("1 = 2", branch: "x") } == .no)
    #expect(kind { _ = try select("1) UNION SELECT 99 WHERE (1", branch: "x") } == .other)
    do {
      _ = try select("length(output) > 1 AND topik = 'x'", branch: "x")
    } catch let failure as Failure {
      #expect(failure.message == "there is no column `topik` (line 1, column 24)")
      #expect(failure.hints.first == "did you mean `topic`?")
    }
    #expect(kind { _ = try select("1", branch: "main") } == .usage)
  }

  @Test func aSampleHasItsSize() throws {
    for size in [1, 7, 40, 100] {
      #expect(try select(nil, .sample(.records(size), stratify: nil), dryRun: true).kept == min(size, 40))
    }
    _ = try select(nil, .sample(.records(10), stratify: nil), branch: "ten")
    _ = try select(nil, .sample(.records(20), stratify: nil), branch: "twenty")
    // By the same numbers a larger sample holds the smaller one.
    #expect(try ids("ten").isSubset(of: ids("twenty")))
    _ = try select(nil, .sample(.records(10), stratify: nil), seed: 5, branch: "others")
    #expect(try ids("ten") != ids("others"))
    _ = try select(nil, .sample(.records(10), stratify: nil), invert: true, branch: "left")
    #expect(try ids("left") == ids("HEAD").subtracting(ids("ten")))
  }

  @Test func strataHaveTheirParts() throws {
    // Topics of 20, 8, 6 and no topic 6: of 10 records 5, 2, 1.5 and 1.5.
    let result = try select(nil, .sample(.records(10), stratify: "topic"), branch: "strata")
    #expect(result.groups.map(\.value) == ["\"bones\"", "\"b0\"", "\"b1\"", nil])
    #expect(result.groups.map(\.records) == [20, 8, 6, 6])
    #expect(result.groups.map(\.selected) == [5, 2, 2, 1])
    #expect(try ids("strata").count == 10)
    let half = try #require(Amount("50%"))
    #expect(
      try select("topic IS NOT NULL", .sample(half, stratify: "topic"), dryRun: true).groups.map(\.selected)
        == [10, 4, 3])
  }

  @Test func balanceTakesTheSameOfEach() throws {
    #expect(
      try select(nil, .balance("topic", max: nil), dryRun: true).groups.map(\.selected) == [6, 6, 6, 6])
    #expect(try select(nil, .balance("topic", max: 7), dryRun: true).groups.map(\.selected) == [7, 7, 6, 6])
    #expect(try select("topic = 'bones'", .balance("topic", max: 3), dryRun: true).kept == 3)
    #expect(try select(nil, .balance("batch", max: 5), dryRun: true).kept == 5)
    #expect(kind { _ = try select(nil, .balance("topik", max: 3), dryRun: true) } == .missing)
  }

  @Test func aWaitingMergeComesFirst() throws {
    _ = try NamesRequest(.branch, action: .create("side", at: "HEAD")).run(in: workshop.session)
    for (branch, answer) in [("main", "ours"), ("side", "theirs")] {
      _ = try SwitchRequest(branch: branch, create: false).run(in: workshop.session)
      try workshop.write(
        "edit.jsonl", lines([["id": "a1", "instruction": "Name  bone 1", "input": "Ｘ", "output": answer]]))
      try workshop.commit(.update(ImportRequest(source: "edit.jsonl"), key: "id"))
    }
    _ = try MergeRequest(revision: "main").run(in: workshop.session)
    #expect(kind { _ = try select("id = 'a1'", branch: "x") } == .no)
    #expect(kind { _ = try split() } == .no)
  }
}
