import Foundation
import History
import Records
import Testing

@testable import Workbench

@Suite struct SearchTests {
  private func records(_ result: SearchResult) -> Set<String> { Set(result.hits.flatMap(\.records)) }

  /// What a search must find, by looking at every row. Words are those of the sample: letters, digits and spaces.
  private func expected(_ workshop: Workshop, at revision: String, _ word: String) throws -> Set<String> {
    let rows = try workshop.ask("SELECT record, instruction, input, output FROM records", at: revision)
    return Set(
      rows.filter { row in
        row[1...].contains { text in
          text.lowercased().split { !$0.isLetter && !$0.isNumber }.contains { $0 == word }
        }
      }.map { $0[0] })
  }

  @Test func findsWhatIsInAVersionAndNothingElse() throws {
    let workshop = try Workshop.edited()
    // In any order of versions, so that later ones are caught up from earlier ones and the other way round.
    for revision in ["v2", "v1", "HEAD~1", "v2", "v1"] {
      for word in ["task", "7", "answer", "29", "edited", "input", "nothing", "3"] {
        #expect(
          try records(workshop.find(word, at: revision)) == expected(workshop, at: revision, word),
          "\(word) at \(revision)")
      }
    }
    #expect(try workshop.find("edited answer").hits.count == 1)
    #expect(try workshop.find("edited answer", at: "v1").hits.isEmpty)
    #expect(try records(workshop.find("7")).count == 12)
  }

  @Test func understandsItsLanguage() throws {
    let workshop = try Workshop()
    try workshop.write(
      "a.jsonl",
      """
      {"instruction":"Chest pain","output":"See a doctor.","system":"Be brief."}
      {"instruction":"Pain in the chest","output":"Rest; naïve CAFÉ.","input":"blood-pressure"}
      {"instruction":"Fever","output":"Antibiotics do not help. 发热 很 高"}

      """)
    try workshop.commit("a.jsonl")
    func rows(_ words: String, _ field: String? = nil) throws -> [Int] {
      try workshop.find(words, field: field).hits.flatMap(\.records).compactMap {
        RecordID($0).map { Int($0.row) }
      }
      .sorted()
    }
    #expect(try rows("chest pain") == [1, 2])
    #expect(try rows("\"chest pain\"") == [1])
    #expect(try rows("chest NOT doctor") == [2])
    #expect(try rows("fever OR doctor") == [1, 3])
    #expect(try rows("antibio*") == [3])
    #expect(try rows("antibio").isEmpty)
    #expect(try rows("NAIVE café") == [2])
    #expect(try rows("blood pressure") == [2])
    #expect(try rows("blood-pressure") == [2])
    #expect(try rows("pressure-blood").isEmpty)
    #expect(try rows("发热") == [3])
    #expect(try rows("brief", "system") == [1])
    #expect(try rows("brief", "output").isEmpty)
    #expect(try rows("(fever OR rest) NOT (doctor OR antibiotics)") == [2])
    let hit = try #require(try workshop.find("naive").hits.first)
    #expect(hit.snippets.map(\.field) == ["output"])
    #expect(hit.snippets[0].pieces.filter(\.isMatch).map(\.text) == ["naïve"])
    #expect(throws: Failure.self) { try rows("chest OR") }
    #expect(throws: Failure.self) { try rows("chest", "outptu") }
  }

  @Test func costsNothingAtCommitAndOnlyWhatIsNewAtSearch() throws {
    let workshop = try Workshop.edited()
    let file = workshop.folder.path + "/.mdata/search.sqlite"
    #expect(!FileManager.default.fileExists(atPath: file))
    var reports: [Int] = []
    func count(_ revision: String) throws -> Int {
      reports = []
      _ = try SearchRequest("task", revision: revision).run(
        in: workshop.session, progress: { done, _ in reports.append(done) })
      return reports.last ?? 0
    }
    #expect(try count("v1") == 40)
    #expect(try count("v1") == 0)
    #expect(try count("v2") == 12)
    #expect(try count("HEAD") == 0)
    #expect(try count("HEAD~1") == 10)
    let before = try Data(contentsOf: URL(fileURLWithPath: file))
    try workshop.write("c.jsonl", lines([["instruction": "new", "output": "row"]]))
    try workshop.commit("c.jsonl", at: 300)
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == before)
    #expect(try count("HEAD") == 1)
    #expect(try records(workshop.find("new row")).count == 1)
  }

  @Test func aDamagedFileIsBuiltAgain() throws {
    let workshop = try Workshop.edited()
    let wanted = try records(workshop.find("answer"))
    let file = URL(fileURLWithPath: workshop.folder.path + "/.mdata/search.sqlite")
    let bytes = try Data(contentsOf: file)
    func damaged(_ data: Data) throws {
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + suffix) }
      try data.write(to: file)
      var notices: [String] = []
      let result = try SearchRequest("answer", limit: 1_000).run(
        in: workshop.session, notice: { notices.append($0) })
      #expect(records(result).isSubset(of: wanted))
      if data.count < 100 || data.prefix(16) != bytes.prefix(16) { #expect(records(result) == wanted) }
    }
    for length in [0, 1, 100, 4_096, bytes.count / 2] { try damaged(bytes.prefix(length)) }
    try damaged(Data("not a database at all, but it is long enough".utf8) + bytes.dropFirst(44))
    for page in stride(from: 0, to: bytes.count, by: 4_096) {
      var zeroed = bytes
      for position in page..<min(page + 4_096, bytes.count) { zeroed[position] = 0 }
      try damaged(zeroed)
    }
    try FileManager.default.removeItem(at: file)
    #expect(try records(workshop.find("answer")) == wanted)
  }

  @Test func whereNoFileCanBeKeptItSearchesInMemoryAndSaysSo() throws {
    let workshop = try Workshop.edited()
    let wanted = try records(workshop.find("answer"))
    let file = workshop.folder.path + "/.mdata/search.sqlite"
    try FileManager.default.removeItem(atPath: file)
    try FileManager.default.createDirectory(atPath: file + "/x", withIntermediateDirectories: true)
    var notices: [String] = []
    let result = try SearchRequest("answer", limit: 1_000).run(
      in: workshop.session, notice: { notices.append($0) })
    #expect(records(result) == wanted)
    #expect(notices.count == 1 && notices[0].contains("in memory"), "\(notices)")
  }

  /// Whatever the file says, what is shown is in the version and has the words.
  @Test func noFlipMakesAHitUp() throws {
    let workshop = try Workshop.edited()
    let wanted = try records(workshop.find("edited OR 29"))
    #expect(wanted.count == 2)
    let file = URL(fileURLWithPath: workshop.folder.path + "/.mdata/search.sqlite")
    let bytes = try Data(contentsOf: file)
    var random = SplitMix64(seed: 5)
    for _ in 0..<60 {
      var altered = bytes
      for _ in 0..<4 {
        let position = Int.random(in: 100..<bytes.count, using: &random)
        altered[position] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
      }
      for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file.path + suffix) }
      try altered.write(to: file)
      #expect(try records(workshop.find("edited OR 29")).isSubset(of: wanted))
    }
    // The remedy for what such a file misses.
    _ = try ReindexRequest().run(in: workshop.session)
    #expect(!FileManager.default.fileExists(atPath: file.path))
    #expect(try records(workshop.find("edited OR 29")) == wanted)
  }
}
