import History
import Records
import Testing

@testable import Workbench

/// `commit --sync` and `--update` against a list of rows and a dictionary.
@Suite struct SyncTests {
  typealias Row = [String: String]

  static func row(_ random: inout SplitMix64) -> Row {
    // Few values, so that equal rows, equal pairs and equal tasks are common.
    var row = [
      "instruction": "task \(Int.random(in: 0..<6, using: &random))",
      "output": "answer \(Int.random(in: 0..<3, using: &random))",
    ]
    if Bool.random(using: &random) { row["input"] = "input \(Int.random(in: 0..<2, using: &random))" }
    if Bool.random(using: &random) { row["note"] = "note \(Int.random(in: 0..<3, using: &random))" }
    return row
  }

  /// The records that a file's rows claim, by the rule in the documentation: first equal rows, then equal pairs, then
  /// equal tasks, each row in order taking the first record that is free.
  static func match(_ rows: [Row], to old: [(id: RecordID, row: Row)]) -> [RecordID?] {
    var free = old
    var claimed = [RecordID?](repeating: nil, count: rows.count)
    func pass(_ isSame: (Row, Row) -> Bool) {
      for index in rows.indices where claimed[index] == nil {
        guard let place = free.firstIndex(where: { isSame($0.row, rows[index]) }) else { continue }
        claimed[index] = free.remove(at: place).id
      }
    }
    func part(_ row: Row, _ names: [String]) -> [String?] { names.map { row[$0] } }
    pass { $0 == $1 }
    pass { part($0, ["instruction", "input", "output"]) == part($1, ["instruction", "input", "output"]) }
    pass { part($0, ["instruction", "input"]) == part($1, ["instruction", "input"]) }
    return claimed
  }

  @Test(arguments: 0..<12) func matchesAsThePlainRuleDoes(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let workshop = try Workshop(threads: 1 + seed % 3)
    var rows = (0..<Int.random(in: 1...25, using: &random)).map { _ in Self.row(&random) }
    try workshop.write("data.jsonl", lines(rows))
    try workshop.commit("data.jsonl")
    for step in 1...4 {
      let before = try workshop.records()
      // In the order of a checkout, which is the order in which records are claimed.
      let order = try Self.checkoutOrder(workshop)
      let old = order.map { (id: $0, row: before[$0] ?? [:]) }
      rows = old.map(\.row)
      for _ in 0..<Int.random(in: 0...6, using: &random) {
        let place = Int.random(in: 0...rows.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: rows.insert(Self.row(&random), at: place)
        case 1: if place < rows.count, rows.count > 1 { rows.remove(at: place) }
        case 2:
          if place < rows.count { rows[place]["output"] = "answer \(Int.random(in: 0..<9, using: &random))" }
        default:
          if place < rows.count { rows[place]["note"] = "note \(Int.random(in: 0..<9, using: &random))" }
        }
      }
      if Bool.random(using: &random) { rows.shuffle(using: &random) }
      try workshop.write("data.jsonl", lines(rows))
      let claimed = Self.match(rows, to: old)
      let result = try workshop.commit(.sync(ImportRequest(source: "data.jsonl")), at: Int64(step))
      let after = try workshop.records()
      var added = 0, edited = 0, unchanged = 0
      for (row, record) in zip(rows, claimed) {
        guard let record else {
          added += 1
          continue
        }
        #expect(after[record] == row, "record \(record) of step \(step)")
        if before[record] == row { unchanged += 1 } else { edited += 1 }
      }
      #expect(result.counts.added == added)
      #expect(result.counts.edited == edited)
      #expect(result.counts.removed == old.count - claimed.count { $0 != nil })
      #expect(result.unchanged == unchanged)
      #expect(after.count == rows.count)
      // The new version holds the file's rows, each as often as the file does.
      #expect(Self.counted(Array(after.values)) == Self.counted(rows))
      let checkout = try workshop.checkout(format: "alpaca-jsonl").split(separator: "\n").count
      #expect(checkout == rows.count, "a checkout of step \(step) has \(checkout) rows")
      // A second sync of the same file changes nothing.
      let again = try workshop.commit(.sync(ImportRequest(source: "data.jsonl")), at: Int64(step))
      #expect(again.commit == nil && again.counts.isEmpty)
    }
  }

  /// A file that goes away and comes back brings the same batch again, which must not stand in the version twice.
  @Test func rowsThatComeBackAreThereOnce() throws {
    let workshop = try Workshop()
    let one = [["instruction": "a", "output": "b"]]
    let two = one + [["instruction": "c", "output": "d"]]
    try workshop.write("data.jsonl", lines(one))
    try workshop.commit("data.jsonl")
    for step in 1...6 {
      let rows = step.isMultiple(of: 2) ? one : two
      try workshop.write("data.jsonl", lines(rows))
      try workshop.commit(.sync(ImportRequest(source: "data.jsonl")), at: Int64(step))
      #expect(try workshop.checkout() == lines(rows))
      #expect(try workshop.records().count == rows.count)
    }
    let batches = try ShowRequest(revision: "HEAD").run(in: workshop.session).batches
    #expect(Set(batches.map(\.batch)).count == batches.count)
  }

  /// The file came in before, and the record that its row made then says something else by now: also what another of
  /// its rows says.
  @Test(arguments: ["another", "b"]) func rowsThatComeBackTakeNoIdThatIsInUse(text: String) throws {
    let workshop = try Workshop()
    func row(_ text: String) -> Row { ["instruction": "task \(text)", "output": "answer \(text)"] }
    let file = [row("a"), row("b")]
    try workshop.write("file.jsonl", lines(file))
    try workshop.write("first.jsonl", lines([row("first"), row("b")]))
    try workshop.commit("first.jsonl")
    for step in 1...4 {
      let result = try workshop.commit(.sync(ImportRequest(source: "file.jsonl")), at: Int64(step))
      #expect(result.counts == ChangeCounts(added: 1, edited: 0, removed: 1), "step \(step)")
      let records = try workshop.records()
      #expect(Self.counted(Array(records.values)) == Self.counted(file))
      var fixes: [Row] = []
      for (record, old) in records where old == row("a") || text == "b" {
        fixes.append(row(old == row("a") ? text : "gone").merging(["record": "\(record)"]) { $1 })
      }
      try workshop.write("fix.jsonl", lines(fixes))
      try workshop.commit(.update(ImportRequest(source: "fix.jsonl"), key: nil), at: Int64(step))
    }
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
  }

  @Test(arguments: 0..<8) func updatesAsADictionaryDoes(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let workshop = try Workshop(threads: 1 + seed % 3)
    var model: [String: Row] = [:]
    let count = Int.random(in: 1...40, using: &random)
    let rows = (0..<count).map { number in Self.row(&random).merging(["id": "k\(number)"]) { $1 } }
    for row in rows { model[row["id"] ?? ""] = row }
    try workshop.write("data.jsonl", lines(rows))
    try workshop.commit("data.jsonl")
    let ids = try workshop.records().mapValues { $0["id"] ?? "" }
    for step in 1...4 {
      var changed: [Row] = []
      for number in Array(0..<count).shuffled(using: &random).prefix(
        Int.random(in: 0...min(count, 8), using: &random))
      {
        var row = Self.row(&random).merging(["id": "k\(number)"]) { $1 }
        if Bool.random(using: &random) { row["extra"] = "step \(step)" }
        changed.append(row)
      }
      var edited = 0
      for row in changed {
        let key = row["id"] ?? ""
        let old = model[key] ?? [:]
        // The pair is replaced; columns that the row does not mention stay.
        let columns = old.filter { !["instruction", "input", "output"].contains($0.key) }
        let new = columns.merging(row) { $1 }
        if new != old { edited += 1 }
        model[key] = new
      }
      if changed.isEmpty { continue }
      try workshop.write("fix.jsonl", lines(changed))
      let result = try workshop.commit(
        .update(ImportRequest(source: "fix.jsonl"), key: "id"), at: Int64(step))
      #expect(result.counts.edited == edited)
      #expect(result.counts.added == 0 && result.counts.removed == 0)
      #expect(result.unchanged == changed.count - edited)
      let after = try workshop.records()
      #expect(after.mapValues { $0["id"] ?? "" } == ids, "record ids stay")
      for (record, row) in after { #expect(model[ids[record] ?? ""] == row) }
    }
  }

  @Test func updatesByRecordId() throws {
    let workshop = try Workshop()
    try workshop.write(
      "data.jsonl", lines((0..<600).map { ["instruction": "task \($0)", "output": "b", "n": "\($0)"] }))
    try workshop.commit("data.jsonl")
    let record = try #require(try workshop.records().first { $0.value["n"] == "577" }?.key)
    try workshop.write(
      "fix.jsonl", lines([["record": record.description, "instruction": "task", "output": "c"]]))
    let result = try workshop.commit(.update(ImportRequest(source: "fix.jsonl"), key: nil), at: 1)
    #expect(result.counts.edited == 1)
    #expect(try workshop.records()[record] == ["instruction": "task", "output": "c", "n": "577"])
    let changes = try DiffRequest(from: "HEAD~1", to: "HEAD").run(in: workshop.session)
    #expect(changes.counts == result.counts)
  }

  private static func checkoutOrder(_ workshop: Workshop) throws -> [RecordID] {
    let workspace = try Workspace(workshop.session)
    let head = try #require(try workspace.headCommit())
    let tree = workspace.tree(of: head)
    var order: [RecordID] = []
    for id in try workspace.batchIDs(of: head) {
      var entries = tree.entries(in: RecordID.range(of: BatchPrefix(of: id)))
      while let entry = try entries.next() { order.append(entry.key) }
    }
    return order
  }

  private static func counted(_ rows: [Row]) -> [Row: Int] {
    rows.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
}
