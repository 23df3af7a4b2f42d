import Foundation
import History
import Objects
import Records
import Testing

@testable import Workbench

/// What scores make of records: which are edited, what is said of their columns, and what others did meanwhile.
@Suite struct ScoreTests {
  private let workshop: Workshop

  init() throws { workshop = try Workshop() }

  private static func row(_ id: String, _ more: [String: String] = [:]) -> [String: String] {
    ["id": id, "instruction": "Q\(id)", "output": "A\(id)"].merging(more) { $1 }
  }

  private func add(_ name: String, _ rows: [[String: String]], columns: [String: String] = [:]) throws {
    try workshop.write(name, lines(rows))
    var provenance = ImportRequest.Provenance()
    provenance.columns = columns
    try workshop.commit(.files([ImportRequest(source: name, provenance: provenance)]))
  }

  @discardableResult
  private func score(
    _ text: String, columns: [String: String] = [:], dryRun: Bool = false, session: Session? = nil
  ) throws -> ScoreResult {
    try workshop.write("scores.csv", text)
    return try ScoreRequest(
      .file("scores.csv", name: nil, key: "id", columns: columns), dryRun: dryRun
    ).run(in: session ?? workshop.session)
  }

  /// Every score as `id name value`.
  private func scores() throws -> [String] {
    try workshop.ask(
      "SELECT r.id, s.name, s.score FROM scores s JOIN records r USING (record) ORDER BY 1, 2"
    ).map { $0.joined(separator: " ") }
  }

  @Test func pairsStayAndColumnsGetTheNumbers() throws {
    try add("a.jsonl", [Self.row("1"), Self.row("2", ["topic": "x"]), Self.row("3")])
    let before = try workshop.ask("SELECT id, record, pair FROM records")
    let result = try score("id,q\n2,4.5\n3,\n1,2\n")
    #expect(result.edited == 2 && result.silent == 1 && result.rows == 3 && result.commit != nil)
    #expect(result.scores.map(\.records) == [2] && result.scores[0].range?.mean == 3.25)
    #expect(try workshop.ask("SELECT id, record, pair FROM records") == before)
    #expect(try scores() == ["1 q 2.0", "2 q 4.5"])
    #expect(try workshop.ask("SELECT topic FROM records WHERE q > 4") == [["x"]])
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
    // The same again changes nothing, whatever the order of the rows.
    let again = try score("id,q\n1,2\n2,4.50\n")
    #expect(again.commit == nil && again.edited == 0 && again.unchanged == 2)
    #expect(try LogRequest().run(in: workshop.session).count == 2)
    _ = try UndoRequest(.undo).run(in: workshop.session)
    #expect(try scores().isEmpty)
  }

  @Test func whatColumnsMeantStays() throws {
    try add(
      "a.jsonl", [Self.row("1", ["m": "claude", "s": "3"])], columns: ["teacher": "m", "score.style": "s"])
    try add("b.jsonl", [Self.row("2", ["s": "x"]), Self.row("3")])
    let result = try score("id,q,t\n1,1,\n2,2,\n3,3,7\n")
    #expect(result.edited == 3)
    // One batch for each thing that is said, in the order of the records.
    #expect(try workshop.ask("SELECT sum(rows) FROM batches WHERE kind = 'edited'") == [["3"]])
    #expect(try scores() == ["1 q 1.0", "1 style 3.0", "2 q 2.0", "3 q 3.0", "3 t 7.0"])
    #expect(try workshop.ask("SELECT teacher FROM records WHERE id = '1'") == [["claude"]])
    // A score that another column was is the column of its name from now on.
    try score("id,style\n1,5\n")
    #expect(try scores().filter { $0.hasPrefix("1 ") } == ["1 q 1.0", "1 style 5.0"])
    #expect(try workshop.ask("SELECT s, style FROM records WHERE id = '1'") == [["3", "5"]])
  }

  @Test func aColumnThatNothingWasSaidOfIsNoScore() throws {
    try add("a.jsonl", [Self.row("1", ["t": "8", "note": "x"]), Self.row("2")])
    try score("id,q,t\n1,1,\n2,2,3\n")
    #expect(try scores() == ["1 q 1.0", "2 q 2.0", "2 t 3.0"])
    // A column of numbers becomes a score, and one with the same number too.
    try score("id,t\n1,8\n")
    #expect(try scores().contains("1 t 8.0"))
    #expect(throws: Failure.self) { try score("id,x\n1,1\n", columns: ["note": "x"]) }
  }

  @Test func aQueryRunsOnTheVersion() throws {
    try add("a.jsonl", [Self.row("1"), Self.row("2", ["output": "Longer"])])
    func ask(_ sql: String, _ session: Session) throws -> ScoreResult {
      try ScoreRequest(.query(sql, timeLimit: 60, memoryLimit: nil)).run(in: session)
    }
    let sql = "SELECT record, length(output) AS size, CASE WHEN id = '1' THEN 1 END AS first FROM records"
    let result = try ask(sql, workshop.session)
    #expect(result.edited == 2 && result.silent == 0 && result.file == nil && result.query == sql)
    #expect(try scores() == ["1 first 1.0", "1 size 2.0", "2 size 6.0"])
    #expect(try ask(sql, workshop.session).commit == nil)
    // Of what others added meanwhile the query is asked too.
    var session = workshop.session
    session.now += 100
    let plain = workshop.session
    session.fileSystem = MeetingFileSystem(before: "/.mdata/lock") {
      _ = try CommitRequest(change: .files([ImportRequest(source: "b.jsonl")]), message: "b").run(in: plain)
    }
    try workshop.write("b.jsonl", lines([Self.row("3")]))
    let raced = try ask("SELECT record, row AS place FROM records", session)
    #expect(raced.edited == 3)
    #expect(try scores().filter { $0.contains("place") } == ["1 place 1.0", "2 place 2.0", "3 place 1.0"])
  }

  @Test func whatOthersDidMeanwhileStays() throws {
    try add("a.jsonl", [Self.row("1"), Self.row("2")])
    try workshop.write("fix.jsonl", lines([Self.row("1", ["output": "Better", "topic": "t"])]))
    var session = workshop.session
    session.now += 100
    let plain = workshop.session
    session.fileSystem = MeetingFileSystem(before: "/.mdata/lock") {
      _ = try CommitRequest(change: .update(ImportRequest(source: "fix.jsonl"), key: "id"), message: "t").run(
        in: plain)
    }
    try score("id,q\n1,1\n2,2\n", session: session)
    #expect(
      try workshop.ask("SELECT output, topic, q FROM records WHERE id = '1'") == [["Better", "t", "1"]])
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
  }

  @Test func anotherBranchMeanwhileIsRefused() throws {
    try add("a.jsonl", [Self.row("1")])
    var session = workshop.session
    let plain = workshop.session
    session.fileSystem = MeetingFileSystem(before: "/.mdata/lock") {
      _ = try SwitchRequest(branch: "other", create: true).run(in: plain)
    }
    #expect(throws: Failure.self) { try score("id,q\n1,1\n", session: session) }
    #expect(try scores().isEmpty)
  }

  @Test func aBranchThatIsNotCurrent() throws {
    try add("a.jsonl", [Self.row("1")])
    _ = try NamesRequest(.branch, action: .create("side", at: "HEAD")).run(in: workshop.session)
    try workshop.write("scores.csv", "id,q\n1,1\n")
    let request = ScoreRequest(
      .file("scores.csv", name: nil, key: "id", columns: [:]), revision: "side", dryRun: false)
    #expect(try request.run(in: workshop.session).branch == "side")
    #expect(try scores().isEmpty)
    #expect(try workshop.ask("SELECT count(*) FROM scores('side')") == [["1"]])
  }

  @Test func rowsOfOneRecordAgree() throws {
    try add("a.jsonl", [Self.row("1"), Self.row("2")])
    #expect(try score("id,q,t\n1,1,\n2,2,2\n1,1,5\n").edited == 2)
    #expect(try scores() == ["1 q 1.0", "1 t 5.0", "2 q 2.0", "2 t 2.0"])
    do {
      try score("id,q\n1,1\n1,2\n")
      Issue.record("accepted")
    } catch let failure as Failure {
      #expect(failure.kind == .data && failure.message.hasPrefix("scores.csv:3: `q`"), "\(failure.message)")
    }
  }

  @Test func aPairIsEveryRecordWithIt() throws {
    try add("a.jsonl", [Self.row("1"), Self.row("2"), Self.row("1", ["again": "1"])])
    let pair = try #require(try workshop.ask("SELECT pair FROM records WHERE id = '1' LIMIT 1").first?.first)
    try workshop.write("scores.csv", "pair,q\n\(pair),3\n")
    let result = try ScoreRequest(.file("scores.csv", name: nil, key: nil, columns: [:])).run(
      in: workshop.session)
    #expect(result.edited == 2 && result.rows == 1)
    #expect(try scores() == ["1 q 3.0", "1 q 3.0"])
  }

  @Test func threadsChangeNothing() throws {
    let rows = (0..<1500).map { Self.row("\($0)", $0 % 3 == 0 ? ["topic": "t"] : [:]) }
    var snapshots: Set<String> = []
    // A judge answers in any order.
    let text = "id,q\n" + (0..<1500).map { "\(($0 * 707) % 1500),\(Double($0 % 7) / 2)\n" }.joined()
    for threads in [1, 4] {
      let shop = try Workshop(threads: threads)
      try shop.write("a.jsonl", lines(rows))
      try shop.commit("a.jsonl")
      try shop.write("scores.csv", text)
      let result = try ScoreRequest(.file("scores.csv", name: nil, key: "id", columns: [:])).run(
        in: shop.session)
      #expect(result.edited == 1500)
      snapshots.insert(try #require(result.commit?.snapshot))
      #expect(try FsckRequest().run(in: shop.session).isIntact)
    }
    #expect(snapshots.count == 1)
  }
}
