import Foundation
import Objects
import Records
import Synchronization
import Testing

@testable import Workbench

/// A disk on which nothing more can be written.
private struct FullDisk: InterposingFileSystem {
  func before(_ call: String, _ path: String) throws(ObjectsError) {
    if call == "write" { throw .system(call: call, path: path, code: 28) }
  }
}

/// Filters, counts and distributions of a diff, held against two dictionaries of rows.
@Suite struct DiffTests {
  private typealias Row = [String: String]
  private typealias Change = (old: Row?, new: Row?)

  private let workshop: Workshop
  private let changes: [String: Change]

  /// Two versions of a hundred rows with and without topic, teacher and score, edited at random.
  init() throws {
    workshop = try Workshop()
    var random = SplitMix64(seed: 11)
    func pick(_ values: String...) -> String { values.randomElement(using: &random) ?? "" }
    func row(_ number: Int) -> Row {
      var row = [
        "id": "r\(number)", "instruction": "Question \(number)?", "output": pick("Yes.", "No, never.", "発熱"),
      ]
      let (topic, teacher) = (pick("", "fever", "caf\u{E9}", "cafe\u{301}"), pick("", "human", "model"))
      if !topic.isEmpty { row["topic"] = topic }
      if !teacher.isEmpty { row["teacher"] = teacher }
      if Bool.random(using: &random) { row["quality"] = pick("1", "2.5", "5") }
      return row
    }
    var rows = (1...100).map(row)
    try workshop.write("base.jsonl", lines(rows))
    var provenance = ImportRequest.Provenance()
    provenance.columns = ["teacher": "teacher", "score.quality": "quality"]
    try workshop.commit(.files([ImportRequest(source: "base.jsonl", provenance: provenance)]))
    let old = try workshop.records()
    rows = rows.filter { _ in Int.random(in: 0..<8, using: &random) > 0 }
    for index in rows.indices where Int.random(in: 0..<4, using: &random) == 0 {
      let field = pick("output", "topic", "teacher", "quality")
      rows[index][field] = field == "quality" ? "4" : "another"
    }
    rows += (200...215).map(row)
    try workshop.write("edited.jsonl", lines(rows))
    try workshop.commit(.sync(ImportRequest(source: "edited.jsonl", provenance: provenance)))
    let new = try workshop.records()
    var changes: [String: Change] = [:]
    for id in Set(old.keys).union(new.keys) where old[id] != new[id] {
      changes[id.description] = (old[id], new[id])
    }
    self.changes = changes
    #expect(changes.values.contains { $0.old == nil } && changes.values.contains { $0.new == nil })
  }

  private func request(_ filter: DiffFilter = DiffFilter()) -> DiffRequest {
    var request = DiffRequest(from: "HEAD~1", to: "HEAD")
    request.filter = filter
    return request
  }

  /// The full ids of what is handed out, and the result.
  private func found(_ request: DiffRequest) throws -> ([String], DiffResult) {
    var found: [String] = []
    let workspace = try Workspace(workshop.session)
    let result = try request.run(in: workshop.session, render: { $0.record }) {
      found.append(try workspace.record($0).description)
    }
    return (found.sorted(), result)
  }

  private static func kind(_ change: Change) -> RecordChange.Kind {
    change.old == nil ? .added : change.new == nil ? .removed : .edited
  }

  private static func counts(_ changes: some Sequence<Change>) -> ChangeCounts {
    changes.reduce(into: ChangeCounts()) { counts, change in
      switch kind(change) {
      case .added: counts.added += 1
      case .edited: counts.edited += 1
      case .removed: counts.removed += 1
      }
    }
  }

  /// What is handed out, and what is only counted, is what the filter leaves.
  private func expect(_ filter: DiffFilter, _ isWanted: (Change) -> Bool) throws {
    let expected = changes.filter { isWanted($0.value) }
    let (ids, result) = try found(request(filter))
    #expect(ids == expected.keys.sorted())
    for result in [result, try request(filter).run(in: workshop.session)] {
      #expect(result.counts == Self.counts(expected.values))
      #expect(result.batches.reduce(0) { $0 + $1.counts.total } == expected.count)
    }
  }

  private static func has(_ name: String, _ value: String, _ change: Change) -> Bool {
    [change.old, change.new].contains { row in
      row.map { ($0[name] ?? "").utf8.elementsEqual(value.utf8) } ?? false
    }
  }

  @Test func filtersByKind() throws {
    try expect(DiffFilter()) { _ in true }
    for kinds in [[.added], [.edited], [.removed], [.added, .removed]] as [[RecordChange.Kind]] {
      var filter = DiffFilter()
      filter.kinds = kinds
      try expect(filter) { kinds.contains(Self.kind($0)) }
    }
  }

  @Test(arguments: [
    ("topic", "fever"), ("topic", "caf\u{E9}"), ("topic", "cafe\u{301}"), ("topic", ""), ("teacher", "model"),
    ("teacher", ""), ("quality", "5"), ("nothing", ""), ("nothing", "x"),
  ])
  func filtersByValue(name: String, value: String) throws {
    var filter = DiffFilter()
    filter.conditions = [DiffFilter.Condition(Facet(name), value)]
    try expect(filter) { Self.has(name, value, $0) }
    filter.kinds = [.edited]
    filter.conditions.append(DiffFilter.Condition(Facet("topic"), "another"))
    try expect(filter) {
      Self.kind($0) == .edited && Self.has(name, value, $0) && Self.has("topic", "another", $0)
    }
  }

  @Test func filtersByBatchAndFile() throws {
    for name in ["base.jsonl", "edited.jsonl", "none.jsonl"] {
      var filter = DiffFilter()
      filter.conditions = [DiffFilter.Condition(.file, name)]
      // Only added records came with the second file.
      try expect(filter) { change in name == (change.old == nil ? "edited.jsonl" : "base.jsonl") }
    }
    for batch in try request().run(in: workshop.session).batches {
      var filter = DiffFilter()
      filter.conditions = [DiffFilter.Condition(.batch, batch.batch)]
      try expect(filter) { ($0.old == nil) == (batch.name == "edited.jsonl") }
    }
    var filter = DiffFilter()
    filter.conditions = [DiffFilter.Condition(.batch, "0000")]
    #expect(throws: Failure.self) { try request(filter).run(in: workshop.session) }
  }

  @Test func filtersByField() throws {
    for fields in [["output"], ["topic"], ["output", "quality"], ["nothing"]] {
      var filter = DiffFilter()
      filter.fields = fields
      try expect(filter) { change in
        guard let old = change.old, let new = change.new else { return false }
        return fields.contains { old[$0] != new[$0] }
      }
      _ = try request(filter).run(
        in: workshop.session, render: { $0.fields.map(\.name) },
        each: { #expect(Set($0).isSubset(of: fields)) })
    }
  }

  @Test(arguments: ["topic", "teacher", "quality", "file"]) func countsByFacet(name: String) throws {
    var request = request()
    request.facets = [Facet(name)]
    let group = try #require(try request.run(in: workshop.session).groups.first)
    var expected: [[UInt8]?: [Change]] = [:]
    for change in changes.values {
      let value =
        name == "file" ? change.old == nil ? "edited.jsonl" : "base.jsonl" : (change.new ?? change.old)?[name]
      expected[value.map { Array($0.utf8) }, default: []].append(change)
    }
    #expect(group.values.count == expected.count)
    for value in group.values {
      #expect(value.counts == Self.counts(expected[value.value.map { Array($0.utf8) }] ?? []))
    }
    #expect(group.others == nil)
  }

  @Test func summarizesBothSides() throws {
    var request = request()
    request.isSummarized = true
    let summary = try #require(try request.run(in: workshop.session).summary)
    let sides = [changes.values.compactMap(\.old), changes.values.compactMap(\.new)]
    for numbers in summary.numbers {
      for (rows, side) in zip(sides, [numbers.before, numbers.after]) {
        let expected: [Double] = rows.compactMap { row in
          switch numbers.unit {
          case .characters: row[numbers.name].map { Double($0.unicodeScalars.count) }
          case .words: row[numbers.name].map { Double($0.split(separator: " ").count) }
          case .score: row[numbers.name].flatMap(Double.init)
          }
        }
        #expect(side.count == expected.count)
        #expect(side.quantiles([0, 0.5, 1]).first == expected.min())
        #expect(side.greatest == expected.max())
        #expect(abs(side.mean - expected.reduce(0, +) / Double(expected.count)) < 1e-9)
      }
    }
    #expect(summary.numbers.map(\.name) == ["instruction", "instruction", "output", "output", "quality"])
    for values in summary.values {
      for entry in values.most(100).values {
        let counts = sides.map { rows in
          rows.count { row in
            row[values.name].map { Array($0.utf8) } == entry.value.map { Array($0.utf8) }
          }
        }
        #expect([entry.counts.before, entry.counts.after] == counts)
      }
      let (most, others) = values.most(1)
      #expect(
        most.reduce(0) { $0 + $1.counts.before } + (others?.before ?? 0) == sides[0].count)
    }
    #expect(summary.values.map(\.name) == ["topic", "teacher"])
  }

  @Test(arguments: [0, 1, 7, 1_000]) func limitsWhatIsHandedOut(limit: Int) throws {
    var limited = request()
    limited.limit = limit
    let (ids, result) = try found(limited)
    #expect(ids == Array(try found(request()).0.prefix(limit)))
    #expect(result.counts == Self.counts(changes.values))
    #expect(result.leftOut == max(0, changes.count - limit))
  }

  /// What comes out does not depend on the threads, whatever is asked.
  @Test func anyNumberOfThreadsGivesTheSame() throws {
    func page(_ threads: Int) throws -> [String] {
      var session = workshop.session
      session.threads = threads
      var request = request()
      request.isSummarized = true
      request.facets = [.teacher]
      request.limit = 20
      var found: [String] = []
      let result = try request.run(in: session, render: { $0.record }, each: { found.append($0) })
      return found + [
        "\(result.counts)", "\(result.groups.map(\.values))",
        "\(result.summary?.numbers.map { $0.before.quantiles([0.5]) } ?? [])",
      ]
    }
    #expect(try page(1) == page(4))
  }

  @Test func writesAReportOrNothing() throws {
    let request = DiffReportRequest(request(), file: "report.html")
    let head = Mutex(0)
    let report = try request.run(
      in: workshop.session, head: { Array("\($0.counts.total)\n".utf8) },
      render: { change in
        head.withLock { $0 += 1 }
        return Array("\(change.record)\n".utf8)
      }, foot: { Array("left out \($0.leftOut)\n".utf8) })
    let lines = try workshop.text("report.html").split(separator: "\n")
    #expect(lines.first == "\(changes.count)")
    #expect(lines.count == changes.count + 2)
    #expect(lines.last == "left out 0")
    #expect(report.bytes == (try workshop.text("report.html")).utf8.count)
    // A disk that becomes full in the middle leaves the old file, and no other.
    var full = workshop.session
    full.fileSystem = FullDisk()
    #expect(throws: Failure.self) {
      try DiffReportRequest(self.request(), file: "report.html").run(
        in: full, head: { _ in Array("new".utf8) }, render: { _ in [] }, foot: { _ in [] })
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: workshop.folder.path).allSatisfy {
        !$0.contains(".tmp") || $0 == "checkout.tmp"
      })
    #expect(try workshop.text("report.html").split(separator: "\n") == lines)
    #expect(throws: Failure.self) {
      try DiffReportRequest(self.request(), file: ".").run(
        in: workshop.session, head: { _ in [] }, render: { _ in [] }, foot: { _ in [] })
    }
  }

  @Test func rangesAreRead() throws {
    func parts(_ text: String) -> [String]? {
      VersionRange(text).map { [$0.from, $0.to, $0.isSymmetric ? "..." : ".."] }
    }
    #expect(parts("a..b") == ["a", "b", ".."])
    #expect(parts("a...b") == ["a", "b", "..."])
    #expect(parts("..b") == ["HEAD", "b", ".."])
    #expect(parts("v1.0...") == ["v1.0", "HEAD", "..."])
    #expect(parts("v1.0") == nil)
    #expect(parts("HEAD~2^") == nil)
  }

  /// `A...B` begins where the two parted; what A did since is not in it.
  @Test func threeDotsBeginAtTheCommonVersion() throws {
    _ = try NamesRequest(.branch, action: .create("side", at: "HEAD~1")).run(in: workshop.session)
    _ = try SwitchRequest(branch: "side", create: false).run(in: workshop.session)
    try workshop.write("side.jsonl", lines([["instruction": "Side?", "output": "Yes."]]))
    try workshop.commit("side.jsonl")
    let range = try #require(VersionRange("main...side"))
    #expect(try DiffRequest(range).run(in: workshop.session).counts == ChangeCounts(added: 1))
    let back = try #require(VersionRange("side...main"))
    #expect(try DiffRequest(back).run(in: workshop.session).counts == Self.counts(changes.values))
    let two = try #require(VersionRange("main..side"))
    #expect(try DiffRequest(two).run(in: workshop.session).counts.total == changes.count + 1)
    // Of a log: what led to one of them only.
    let logs = try ["main..side", "side..main", "main...side"].map {
      try LogRequest(revision: $0).run(in: workshop.session).count
    }
    #expect(logs == [1, 1, 2])
  }

  /// Every record's log says what `blame` says, newest first, with what was there before and after.
  @Test func aRecordsLogAgreesWithBlame() throws {
    let head = try workshop.records()
    for (id, change) in changes.sorted(by: { $0.key < $1.key }).prefix(40) {
      let log = try RecordLogRequest(record: id).run(in: workshop.session)
      let blame = try BlameRequest(record: id).run(in: workshop.session)
      #expect(log.steps.map(\.commit.commit) == blame.commits.reversed().map(\.commit))
      #expect(log.steps.map(\.change.kind) == blame.commits.reversed().map(\.kind))
      #expect(log.steps.first?.change.kind == Self.kind(change))
      #expect(log.steps.first?.change.old?.instruction == change.old?["instruction"])
      #expect(log.steps.first?.change.new?.instruction == change.new?["instruction"])
      #expect(try RecordLogRequest(record: id, limit: 1).run(in: workshop.session).steps.count == 1)
      let before = try RecordLogRequest(record: id, revision: "HEAD~1").run(in: workshop.session)
      #expect(before.steps.map(\.commit.commit) == log.steps.dropFirst().map(\.commit.commit))
      let between = try RecordLogRequest(record: id, revision: "HEAD~1..HEAD").run(in: workshop.session)
      #expect(between.steps.map(\.commit.commit) == log.steps.prefix(1).map(\.commit.commit))
    }
    #expect(!head.isEmpty)
    #expect(throws: Failure.self) { try RecordLogRequest(record: "0000:1").run(in: workshop.session) }
  }
}
