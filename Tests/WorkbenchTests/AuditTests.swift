import Records
import Testing

@testable import Workbench

/// What gates let pass.
@Suite struct AuditTests {
  private let workshop: Workshop

  /// Four rows of which each lacks something, and one twice.
  init() throws {
    workshop = try Workshop()
    try workshop.write(
      "rows.jsonl",
      """
      {"instruction":"a","output":"1","t":"m","q":3,"l":"CC BY 4.0","topic":"x"}
      {"instruction":"b","output":"2","t":"m","q":1.5,"l":"MIT","topic":null}
      {"instruction":"c","output":"3","q":2}
      {"instruction":"a","output":"1","t":"m","l":"cc-by-4.0"}

      """)
    var provenance = ImportRequest.Provenance()
    provenance.columns = ["teacher": "t", "score.quality": "q", "license": "l"]
    try workshop.commit(.files([ImportRequest(source: "rows.jsonl", provenance: provenance)]))
  }

  private func failed(_ gates: AuditGate...) throws -> [[Int]] {
    try AuditRequest(gates: gates).run(in: workshop.session).gates.map { gate in
      #expect(gate.failed == gate.examples.count)
      return gate.examples.compactMap { $0.split(separator: ":").last.flatMap { Int($0) } }
    }
  }

  @Test func namesTheRecordsThatFail() throws {
    let answers: [AuditGate.Answer] = [
      .teacher, .prompt, .seed, .license, .anyScore, .score("quality"), .score("other"), .column("topic"),
    ]
    let found = try answers.map { try failed(.require($0))[0] }
    #expect(found == [[3], [1, 2, 3, 4], [1, 2, 3, 4], [3], [4], [4], [1, 2, 3, 4], [2, 3, 4]])
    #expect(try failed(.minScore(name: "quality", 2)) == [[2, 4]])
    #expect(
      try failed(.maxUnlicensed(.records(0)), .allowLicenses(["CC-BY-4.0"], acceptsNone: true)) == [[3], [2]])
    #expect(try failed(.allowLicenses(["cc-by-4.0", "mit"], acceptsNone: false)) == [[3]])
    #expect(try failed(.maxAnomaly(kind: "duplicate-pair", .records(0))) == [[4]])
    #expect(try failed(.maxAnomaly(kind: "empty-output", .records(0))) == [[]])
  }

  @Test func countsWhatIsAllowed() throws {
    func isPassed(_ gate: AuditGate) throws -> Bool {
      try AuditRequest(gates: [gate]).run(in: workshop.session).isPassed
    }
    #expect(try !isPassed(.maxUnlicensed(.records(0))))
    #expect(try isPassed(.maxUnlicensed(.records(1))))
    #expect(try isPassed(.maxUnlicensed(#require(Amount("25%")))))
    #expect(try !isPassed(.maxUnlicensed(#require(Amount("24.9%")))))
    #expect(try AuditRequest().run(in: workshop.session).isPassed)
  }

  @Test(arguments: ["", "teachers", "score.", "column.", "Teacher", "x.y"]) func noAnswers(text: String) {
    #expect(AuditGate.Answer(text) == nil)
  }
}
