import GRDB
import Objects
import Records
import Testing

@testable import History

@Suite struct IndexLookupTests {
  let folder: TemporaryFolder
  let repository: Repository

  init() throws {
    folder = try TemporaryFolder()
    repository = try Repository.make(in: folder)
  }

  /// Commits batches alone: the look-ups here need no records.
  private func commit(_ make: (Transaction) throws -> [ObjectID]) throws {
    let transaction = try repository.change()
    var order: [TreeEntry] = []
    var parents: [CommitID] = []
    if let head = try repository.head().commit {
      parents = [head]
      order = try entries(of: repository.batches(of: repository.commit(head)))
    }
    order += try make(transaction).map { BatchOrder.entry(time: transaction.time, batch: $0) }
    let batches = try transaction.build(sorted: order.sorted { $0.key < $1.key })
    let records = try transaction.build(sorted: [])
    _ = try transaction.commit(
      Dataset(snapshot: records.id, records: 0, batches: batches.id, batchCount: batches.count),
      parents: parents,
      message: "m", moving: .head)
    try transaction.finish()
  }

  @Test func `record ids resolve by a unique prefix of the batch`() throws {
    var ids: [ObjectID] = []
    try commit { transaction in
      ids = try (1...700).map { try transaction.batch(rows: $0 == 42 ? 42 : 3, idPrefix: "\($0)-").id }
      return ids
    }
    let index = try repository.index()
    let id = ids[41]
    let full = RecordID(batch: BatchPrefix(of: id), row: 42)
    #expect(try index.record(full.description) == full)
    #expect(try index.record("\(id.hex.prefix(10)):42") == full)
    #expect(try index.record("\(id.hex.prefix(10).uppercased()):42") == full)
    #expect(try index.short(full) == "\(id.hex.prefix(8)):42")
    for text in [
      "", ":", "12", "\(id.hex.prefix(10)):0", "\(id.hex.prefix(10)):43", "\(id.hex.prefix(10)):042",
      "\(id.hex.prefix(3)):1", "\(id.hex):1", "\(id.hex.prefix(10)):99999999999", "\(id.hex.prefix(10)):1:1",
      "zzzzzzzz:1", "\(id.hex.prefix(10)): 1", "\(id.hex.prefix(10)):-1", "000000000000:1",
      "\(id.hex.prefix(10))",
    ] {
      #expect(throws: HistoryError.self, "\(text)") { try index.record(text) }
    }
    let clash = try #require(
      Dictionary(grouping: ids, by: { $0.hex.prefix(4) }).first { $0.value.count > 1 })
    let candidates = clash.value.sorted().map { "\($0.hex.prefix(8)):1" }
    #expect(
      throws: HistoryError.badRecord(
        "\(clash.key):1", "several batches begin with these digits", candidates: candidates)
    ) { try index.record("\(clash.key):1") }
  }

  @Test func `key columns are found, kept up and checked`() throws {
    var (first, second): (ObjectID?, ObjectID?)
    try commit { transaction in
      first = try transaction.batch(rows: 1_200, idPrefix: "a").id
      return [first].compactMap { $0 }
    }
    let index = try repository.index()
    let prefix = BatchPrefix(of: try #require(first))
    func key(_ text: String) -> [UInt8] { Array("\"\(text)\"".utf8) }
    func match(_ row: UInt32) -> KeyMatch {
      KeyMatch(record: RecordID(batch: prefix, row: row), origin: RecordID(batch: prefix, row: row))
    }
    #expect(
      try index.records(column: "id", values: [key("a1"), key("a1200"), key("a1201"), []])
        == [[match(1)], [match(1_200)], [], []])
    #expect(try index.records(column: "absent", values: [key("a1")]) == [[]])
    let edited = [RecordID(batch: prefix, row: 5), RecordID(batch: prefix, row: 9)]
    try commit { transaction in
      second = try transaction.batch(rows: 2, idPrefix: "a", edits: edited).id
      return [second].compactMap { $0 }
    }
    let edits = BatchPrefix(of: try #require(second))
    let found = try index.records(column: "id", values: [key("a2")])
    #expect(Set(found[0]) == [match(2), KeyMatch(record: edited[1], origin: RecordID(batch: edits, row: 2))])
    try index.rebuild()
    #expect(try index.records(column: "id", values: [key("a77")]) == [[match(77)]])
  }

  @Test func `runs are found by the records they saw`() throws {
    let seen = batch(4)
    func run(_ rows: [ClosedRange<UInt32>], seed: Int) -> Run {
      Run(
        commit: String(repeating: "ab", count: 20), snapshot: object(1), version: "main",
        model: Run.Model(name: "tiny", digest: ContentDigest(object(2))), config: .object([]),
        template: "alpaca",
        seed: seed, records: Run.Records(total: 9, used: 9, seen: [Run.SeenRows(batch: seen, rows: rows)]),
        steps: 1,
        tokens: 1, loss: nil, metrics: nil, output: nil, code: "mdata 0.1.0",
        started: Timestamp(secondsSince1970: 1), ended: Timestamp(secondsSince1970: 2))
    }
    let runs = [run([1...3, 7...7], seed: 1), run([2...9], seed: 2)]
    var ids: [ObjectID] = []
    for run in runs {
      let transaction = try repository.change("train")
      let id = try transaction.pack.add(.run, run.canonicalBytes)
      transaction.note(id)
      try transaction.finish()
      ids.append(id)
    }
    let index = try repository.index()
    func seeing(_ row: UInt32) throws -> [ObjectID] {
      try index.runs(thatSaw: RecordID(batch: seen, row: row)).map(\.id)
    }
    #expect(try seeing(1) == [ids[0]])
    #expect(try seeing(3) == ids)
    #expect(try seeing(4) == [ids[1]])
    #expect(try seeing(10) == [])
    #expect(try index.runs().map(\.run) == runs)
    let broken = try repository.change("train")
    broken.note(object(77))
    try broken.finish()
    #expect(try index.runs().count == 2)
    try index.rebuild()
    #expect(try index.runs().map(\.id) == ids)
  }
}
