import Foundation
import History
import Records
import Testing

@testable import Workbench

@Suite struct QueryTests {
  @Test func everyViewAgreesWithTheRepository() throws {
    let workshop = try Workshop.edited()
    let records = try workshop.records()
    let asked = try workshop.ask(
      "SELECT record, instruction, input, output, id, topic, edited FROM records")
    #expect(asked.count == 50)
    for row in asked {
      let known = try #require(RecordID(row[0]).flatMap { records[$0] })
      #expect(
        row[1...5].elementsEqual(
          [known["instruction"], known["input"], known["output"], known["id"], known["topic"]].map {
            $0 ?? "-"
          }))
      #expect((row[6] == "1") == ["r3", "r6"].contains(known["id"]))
    }
    #expect(Set(asked.map { $0[0] }).count == 50)
    // The order is that of a checkout.
    let ids = try workshop.checkout().split(separator: "\n").compactMap {
      $0.firstMatch(of: /"id":"(.[0-9]+)"/)?.1
    }
    #expect(asked.map { $0[4] } == ids.map(String.init))
    #expect(try workshop.ask("SELECT position FROM records").map { $0[0] } == (1...50).map(String.init))
    #expect(
      try workshop.ask("SELECT kind, rows, records, file FROM batches").sorted { $0[3] < $1[3] }
        == [
          ["imported", "40", "40", "a.jsonl"], ["imported", "10", "10", "b.jsonl"],
          ["edited", "2", "0", "fix.jsonl"],
        ])
    #expect(
      try workshop.ask("SELECT records, added, edited, removed, names FROM commits")
        == [
          ["50", "0", "2", "0", #"["main","v2"]"#], ["50", "10", "0", "0", "[]"],
          ["40", "40", "0", "0", #"["v1"]"#],
        ])
    #expect(
      try workshop.ask("SELECT column, count(*) FROM origins GROUP BY 1")
        == [["id", "50"], ["size", "10"], ["topic", "50"]])
    #expect(
      try workshop.ask("SELECT sum(records), count(*), count(DISTINCT pair) FROM pairs") == [
        ["50", "40", "40"]
      ])
    #expect(
      try workshop.ask("SELECT records, instruction FROM pairs WHERE records > 1") == [["11", "Task 7"]])
    #expect(try workshop.ask("SELECT * FROM runs").isEmpty)
  }

  @Test func readsAnyVersion() throws {
    let workshop = try Workshop.edited()
    #expect(try workshop.ask("SELECT count(*) FROM records", at: "v1") == [["40"]])
    #expect(
      try workshop.ask("SELECT count(*), (SELECT count(*) FROM records('v1')) FROM records") == [
        ["50", "40"]
      ])
    #expect(
      try workshop.ask("SELECT c.records, count(*) FROM commits c, records(c.commit_id) GROUP BY c.position")
        == [["50", "50"], ["50", "50"], ["40", "40"]])
    #expect(
      try workshop.ask(
        "SELECT n.id, o.output, n.output, n.topic FROM records('v1') o JOIN records('v2') n USING (record) WHERE n.edited"
      )
        == [["r3", "Answer 3", "Edited answer", "heart"], ["r6", "Answer 6", "Answer 6", "edited topic"]])
    #expect(
      try workshop.ask(
        "SELECT change, count(*), count(old_output), count(new_output) FROM diff('v1', 'v2') GROUP BY 1")
        == [["added", "10", "0", "10"], ["edited", "2", "2", "2"]])
    #expect(
      try workshop.ask("SELECT change, count(*) FROM diff('v2', 'v1') GROUP BY 1") == [
        ["edited", "2"], ["removed", "10"],
      ])
    #expect(
      try workshop.ask(
        "SELECT old_columns ->> 'topic', new_columns ->> 'topic' FROM diff('v1') WHERE old_pair = new_pair")
        == [["heart", "edited topic"]])
    #expect(
      try workshop.ask("SELECT change, count(*) FROM commits c, diff(c.parent_id, c.commit_id) GROUP BY 1")
        == [["added", "10"], ["edited", "2"]])
    #expect(try workshop.ask("SELECT * FROM records(NULL)").isEmpty)
  }

  /// What is pushed down to the tables gives what SQLite finds by looking at every row.
  @Test func narrowedWalksMissNothing() throws {
    let workshop = try Workshop.edited()
    let all = try workshop.ask("SELECT record, batch, position, pair FROM records")
    for row in all where Int(row[2]).map({ $0 % 7 == 0 }) == true {
      for (column, value) in [("record", row[0]), ("batch", row[1]), ("pair", row[3])] {
        for short in [value, String(value.prefix(column == "record" ? 99 : 12))] {
          #expect(
            try workshop.ask("SELECT record, position FROM records WHERE \(column) = '\(short)'")
              == workshop.ask("SELECT record, position FROM records WHERE \(column) || '' = '\(value)'"))
        }
      }
    }
    for condition in [
      "position = 7", "position > 45", "position >= 45 AND position < 48", "position < 1", "position > 50",
      "position BETWEEN 39 AND 42", "position = 'x'", "position = 7.5", "position IN (3, 41, 99)",
      "position > 3.5",
      "position < 9223372036854775807 AND position > -9223372036854775808", "position = NULL",
      "3 >= position",
    ] {
      #expect(
        try workshop.ask("SELECT position, record FROM records WHERE \(condition)")
          == workshop.ask(
            "SELECT position, record FROM (SELECT position + 0 AS position, record FROM records) WHERE "
              + condition), "\(condition)")
    }
    #expect(
      try workshop.ask("SELECT position FROM records ORDER BY position DESC LIMIT 2") == [["50"], ["49"]])
    #expect(
      try workshop.ask("SELECT count(*) FROM origins WHERE column = 'size' AND CAST(value AS INTEGER) > 5")
        == [["5"]])
    #expect(try workshop.ask("SELECT count(*) FROM origins WHERE column = 'nothing'") == [["0"]])
    let pair = try #require(all.first)[3]
    #expect(try workshop.ask("SELECT records FROM pairs WHERE pair = '\(pair)'").count == 1)
    // A pair of another version is none of this one.
    let old = try workshop.ask("SELECT old_pair FROM diff('v1') WHERE new_output = 'Edited answer'")[0][0]
    #expect(try workshop.ask("SELECT * FROM pairs WHERE pair = '\(old)'").isEmpty)
    #expect(try workshop.ask("SELECT output FROM pairs('v1') WHERE pair = '\(old)'") == [["Answer 3"]])
  }

  /// The alternatives of an OR are looked up one by one, in walks of their own: no row comes twice, and none is
  /// taken for another.
  @Test func alternativesAreToldApart() throws {
    let workshop = try Workshop.edited()
    let record = try workshop.ask("SELECT record FROM records WHERE id = 's3'")[0][0]
    let other = try workshop.ask("SELECT record FROM records WHERE id = 'r1'")[0][0]
    for (view, condition) in [
      ("origins", "record = '\(record)' OR column = 'size'"),
      ("origins", "column = 'id' OR record = '\(record)'"),
      ("origins", "record = '\(record)' AND column = 'id' OR record = '\(other)' AND column = 'topic'"),
      ("records", "record = '\(record)' OR position < 4 OR batch = 'x' OR position = 2"),
      (
        "pairs",
        "pair = (SELECT pair FROM records WHERE id = 'r1') OR pair = (SELECT pair FROM records WHERE id = 'r2')"
      ),
    ] {
      let parts = condition.components(separatedBy: " OR ")
      let union = parts.map { "SELECT * FROM \(view) WHERE \($0)" }
      let expected = try workshop.ask(union.joined(separator: " UNION "))
      let found = try workshop.ask("SELECT * FROM \(view) WHERE \(condition)")
      #expect(
        found.map { $0.joined(separator: "|") }.sorted()
          == expected.map { $0.joined(separator: "|") }.sorted(),
        "\(view): \(condition)")
    }
  }

  @Test func understandsShortIdsInEveryComparison() throws {
    let workshop = try Workshop.edited()
    let full = try workshop.ask("SELECT record FROM records WHERE id = 'r3'")[0][0]
    let short = try workshop.ask("SELECT record FROM records WHERE id = 'r3'", isShort: true)[0][0]
    #expect(short.count < full.count)
    for condition in [
      "record = '\(short)'", "'\(short)' = record", "record IN ('\(short)')",
      "record = '\(short)' OR position = 0",
      "NOT record <> '\(short)'", "record BETWEEN '\(short)' AND '\(short)'", "record IS '\(short)'",
    ] {
      #expect(try workshop.ask("SELECT id FROM records WHERE \(condition)") == [["r3"]], "\(condition)")
    }
    #expect(try workshop.ask("SELECT count(*) FROM records WHERE record <> '\(short)'") == [["49"]])
    // In the order of rows, not of texts.
    #expect(
      try workshop.ask("SELECT row FROM records WHERE id LIKE 'r%' ORDER BY record").map { $0[0] }
        == (1...40).map(String.init))
    #expect(try workshop.ask("SELECT count(*) FROM commits WHERE commit_id = 'v1'") == [["1"]])
    #expect(try workshop.ask("SELECT count(*) FROM commits WHERE commit_id = 'no such version'") == [["0"]])
    #expect(
      try workshop.ask("SELECT count(*) FROM records WHERE record = 'x' OR batch = 'zz' OR pair = '0000'")
        == [["0"]])
  }

  @Test func columnsOfTheRowsAreColumns() throws {
    let workshop = try Workshop()
    try workshop.write(
      "a.jsonl",
      #"""
      {"instruction":"a","output":"b","n":1,"r":1.5,"t":true,"f":false,"z":null,"s":"1","l":[1,"x"],"o":{"k":"v"},"with space":"w","quote\"d":"q","file":"mine"}
      {"instruction":"a","output":"b"}

      """#)
    try workshop.commit("a.jsonl")
    #expect(
      try workshop.ask(#"SELECT n, r, t, f, z, s, l, o, "with space", "quote""d", N FROM records"#)
        == [
          ["1", "1.5", "1", "0", "-", "1", #"[1,"x"]"#, #"{"k":"v"}"#, "w", "q", "1"],
          Array(repeating: "-", count: 11),
        ])
    #expect(
      try workshop.ask(
        "SELECT typeof(n), typeof(r), typeof(t), typeof(z), typeof(s), typeof(l) FROM records LIMIT 1")
        == [["integer", "real", "integer", "null", "text", "text"]])
    #expect(
      try workshop.ask("SELECT file, columns ->> 'file' FROM records LIMIT 1") == [["a.jsonl", "mine"]])
    #expect(try workshop.ask("SELECT x.n + y.n FROM records x JOIN records y USING (n)") == [["2"]])
    #expect(
      try workshop.ask("SELECT column, value, json FROM origins WHERE column IN ('t', 'l', 's')")
        == [["l", #"[1,"x"]"#, #"[1,"x"]"#], ["s", "1", #""1""#], ["t", "1", "true"]])
    #expect(throws: Failure.self) { try workshop.ask("SELECT nothing FROM records") }
  }

  @Test func countsWithoutReadingPairsOrColumns() throws {
    let workshop = try Workshop()
    try workshop.write(
      "a.jsonl", lines((1...30).map { ["instruction": "Task \($0)", "output": "Answer", "k": "v"] }))
    try workshop.commit("a.jsonl")
    let before = try workshop.ask("SELECT count(*), count(record), max(position) FROM records")
    // A pack in which only the tree, the batch and the operation's commit are whole still answers.
    let objects = workshop.folder.appending(path: ".mdata/objects")
    let pack = try #require(
      try FileManager.default.contentsOfDirectory(at: objects, includingPropertiesForKeys: nil).first)
    var bytes = try Data(contentsOf: pack)
    for position in 10..<300 { bytes[position] ^= 0xff }
    try bytes.write(to: pack)
    #expect(try workshop.ask("SELECT count(*), count(record), max(position) FROM records") == before)
    let failure = #expect(throws: Failure.self) { try workshop.ask("SELECT output FROM records") }
    #expect(failure?.kind == .data)
    #expect(failure?.hints.isEmpty == false)
  }

  @Test(arguments: [
    (
      "SELECT instrucion FROM records", Failure.Kind.usage, "(line 1, column 8)",
      "did you mean `instruction`?"
    ),
    ("SELECT *\nFROM records\nWHERE topc = 1", .usage, "(line 3, column 7)", "did you mean `topic`?"),
    ("SELECT ä, FROM records", .usage, "(line 1, column 11)", "the views are"),
    ("SELECT * FROM record", .usage, "no view `record`", "did you mean `records`?"),
    ("SELECT \"heart\" FROM records", .usage, "no column `heart`", "'heart'"),
    ("DELETE FROM records", .denied, "DELETE is refused", "SELECT"),
    ("SELECT 1; SELECT 2", .usage, "column 10", "one by one"),
    ("", .usage, "no statement", "SELECT count(*)"),
    ("SELECT * FROM records('v9')", .missing, "`v9`", "mdata log"),
    ("SELECT * FROM diff", .usage, "diff('v1')", ""),
    ("SELECT load_extension('x')", .denied, "load_extension", ""),
    ("SELECT abs(-9223372036854775808)", .other, "overflow", ""),
  ])
  func saysWhatIsWrong(sql: String, kind: Failure.Kind, message: String, hint: String) throws {
    let workshop = try Workshop.edited()
    let failure = #expect(throws: Failure.self) { try workshop.ask(sql) }
    #expect(failure?.kind == kind)
    #expect(failure?.message.contains(message) == true, "\(failure?.message ?? "")")
    #expect(hint.isEmpty || failure?.hints.contains { $0.contains(hint) } == true, "\(failure?.hints ?? [])")
  }

  @Test func changesNothing() throws {
    let workshop = try Workshop.edited()
    func files() throws -> [String: Data] {
      let root = workshop.folder.appending(path: ".mdata")
      let paths = try FileManager.default.subpathsOfDirectory(atPath: root.path)
      return try Dictionary(
        uniqueKeysWithValues: paths.filter { !$0.hasPrefix("index.sqlite") }.compactMap { path in
          let url = root.appending(path: path)
          return url.hasDirectoryPath || (try? Data(contentsOf: url)) == nil
            ? nil : (path, try Data(contentsOf: url))
        })
    }
    let before = try files()
    for view in QuerySchema.views {
      _ = try workshop.ask("SELECT * FROM \(view.name)\(view.name == "diff" ? "('v1')" : "")")
    }
    #expect(try files() == before)
  }

  /// The documents describe every view and column that there is.
  @Test func isDocumented() throws {
    let path = Workshop.fixtures.deletingLastPathComponent().appending(path: "docs/query.md")
    let text = try String(contentsOf: path, encoding: .utf8)
    for view in QuerySchema.views {
      #expect(text.contains("\n## `\(view.form)`\n"), "\(view.form)")
      for column in view.columns where !column.isParameter {
        #expect(
          text.contains(
            "| `\(column.name)` | \(column.kind.rawValue.lowercased().split(separator: " ")[0]) | \(column.meaning) |"
          ),
          "\(view.name).\(column.name)")
      }
      #expect(QuerySchema.help.contains(view.form))
    }
  }
}
