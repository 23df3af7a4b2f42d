import Foundation
import Records
import Testing

@testable import Workbench

/// What a filter decides about files and versions, and what is told of it afterwards. Decisions are held against rouge-score
/// in `oracles/similarity.py`. No clinician reviewed these texts.
@Suite struct FilterTests {
  private let workshop: Workshop

  private static let rows = [
    ("What are the symptoms of flu in adults?", "Fever and cough.", "flu"),
    ("What are the symptoms of flu in adults?", "Fever.", "flu"),
    ("What are the symptoms of flu in children?", "As an AI language model, I cannot give advice.", "flu"),
    ("Explain how insulin works.", "It moves glucose into cells. Write to nobody@a-b.org.", "insulin"),
    ("What are the symptoms of flu in adults?", "Fever and cough.", "cold"),
    ("流感的症状是什么？", "发烧", "flu"), ("流感的症状是什么", "发烧。", "flu"),
  ]

  init() throws {
    workshop = try Workshop()
    try workshop.write("rows.jsonl", Self.text(Self.rows))
  }

  private static func text(_ rows: [(String, String, String)]) -> String {
    lines(rows.map { ["instruction": $0.0, "output": $0.1, "topic": $0.2] })
  }

  /// The rows that are dropped, each with what it is most like.
  private func dropped(
    _ source: String = "rows.jsonl", against: [String] = [],
    _ change: (inout FilterSettings) -> Void = { _ in }
  ) throws -> [Int: String] {
    var settings = FilterSettings()
    settings.rougeL = 0.7
    change(&settings)
    let request = FilterRequest(
      source: source, against: against, settings: settings, report: "report.jsonl", dryRun: true)
    let result = try request.run(in: workshop.session)
    var found: [Int: String] = [:]
    let report = try workshop.text("report.jsonl").split(separator: "\n").map {
      try JSON.parse(Array($0.utf8))
    }
    #expect(report.map { $0["row"]?.int } == (1...result.items).map(Int?.init))
    for line in report where line["decision"]?.string == "drop" {
      let nearest = line["nearest"]
      found[line["row"]?.int ?? 0] = nearest?.string ?? nearest?.int.map { "\($0)" } ?? line["rule"]?.string
    }
    #expect(found.count == result.dropped)
    return found
  }

  @Test func filesNeedNoRepository() throws {
    try FileManager.default.removeItem(at: workshop.folder.appending(path: ".mdata"))
    #expect(try dropped() == [2: "1", 3: "1", 5: "1", 7: "6"])
    #expect(try dropped { $0.policy = .isolated } == [1: "2", 2: "1", 3: "1", 5: "1", 6: "7", 7: "6"])
    // rouge-score sees nothing of what is not in ASCII.
    #expect(try dropped { $0.tokenizer = "rouge" } == [2: "1", 3: "1", 5: "1"])
    #expect(try dropped { $0.rougeL = 0.9 } == [2: "1", 5: "1", 7: "6"])
    #expect(try dropped { $0.groupBy = "topic" } == [2: "1", 3: "1", 7: "6"])
    #expect(try dropped { $0.fields = [.output] } == [5: "1", 7: "6"])
  }

  @Test func rulesComeFirst() throws {
    let found = try dropped {
      $0.rougeL = nil
      $0.rules = ["refusal", "email"]
    }
    #expect(found == [3: "refusal-v1"])
    // What a rule leaves out keeps nothing else out.
    try workshop.write("rows.jsonl", Self.text([Self.rows[2], Self.rows[0]]))
    #expect(try dropped { $0.rules = ["refusal"] } == [1: "refusal-v1"])
    var settings = FilterSettings()
    settings.rules = ["all"]
    try workshop.write("rows.jsonl", Self.text(Self.rows))
    let result = try FilterRequest(source: "rows.jsonl", settings: settings).run(in: workshop.session)
    #expect(result.flags.map(\.name) == ["email-v1"] && result.flags.map(\.count) == [1])
  }

  @Test func whatIsKnownIsComparedToo() throws {
    try workshop.write("seeds.jsonl", Self.text([("Explain how insulin really works.", "x", "x")]))
    #expect(try dropped(against: ["seeds.jsonl"])[4] == "seeds.jsonl:1")
    try workshop.commit(.files([ImportRequest(source: "seeds.jsonl")]))
    let nearest = try #require(try dropped(against: ["HEAD", "seeds.jsonl"])[4])
    #expect(nearest.hasSuffix(":1") && !nearest.hasPrefix("seeds"))
  }

  @Test func thePoolIsSeedsVersionAndWhatIsStaged() throws {
    func nearest(_ change: (inout FilterSettings) -> Void = { _ in }) throws -> [String] {
      var settings = FilterSettings()
      settings.rougeL = 0.7
      change(&settings)
      var told: [String] = []
      _ = try FilterRequest(source: "new.jsonl", usesPool: true, settings: settings).run(in: workshop.session)
      {
        told.append($0.isKept ? "" : $0.nearest?.string ?? $0.nearest?.int.map { "\($0)" } ?? "?")
      }
      return told
    }
    func row(_ words: String, _ topic: String = "a") -> (String, String, String) { (words, "x", topic) }
    let (seed, committed, staged) = (
      "one two three four five", "six seven eight nine ten", "red blue green black white"
    )
    try workshop.write(
      "new.jsonl", Self.text([row(staged), row(seed), row(committed), row("nothing of it all"), row(staged)]))
    #expect(try nearest() == ["", "", "", "", "1"], "nothing is there yet")
    try workshop.write(
      "seeds.jsonl", lines([["id": "s1", "instruction": seed, "output": "x", "topic": "a"]]))
    try workshop.write("rows.jsonl", Self.text([row(committed)]))
    var first = ImportRequest(source: "rows.jsonl")
    first.provenance.seedFile = "seeds.jsonl"
    try workshop.commit(.files([first]))
    try workshop.write("more.jsonl", Self.text([row("else"), row(staged, "b")]))
    _ = try AddRequest(sources: ["more.jsonl"], provenance: ImportRequest.Provenance()).run(
      in: workshop.session)
    let found = try nearest()
    let records = try workshop.records().keys.map(\.description)
    #expect(found[0].hasSuffix(":2") && !records.contains(found[0]), "of the staged batch")
    #expect(found[1] == "seed s1" && records == [found[2]] && found[3].isEmpty && found[4] == found[0])
    #expect(try nearest { $0.groupBy = "topic" } == ["", "seed s1", found[2], "", "1"])
    // Of the version itself it is compared with the rest alone.
    var settings = FilterSettings()
    settings.rougeL = 0.7
    #expect(
      try FilterRequest(source: "HEAD", usesPool: true, settings: settings, dryRun: true)
        .run(in: workshop.session).dropped == 0)
  }

  @Test func aVersionSaysWhy() throws {
    try workshop.commit(.files([ImportRequest(source: "rows.jsonl")]))
    let before = try workshop.records()
    var settings = FilterSettings()
    settings.rougeL = 0.7
    settings.rules = ["refusal"]
    let planned = try FilterRequest(source: "HEAD", settings: settings, dryRun: true).run(
      in: workshop.session)
    #expect(planned.commit == nil && planned.dropped == 4)
    let result = try FilterRequest(source: "HEAD", settings: settings).run(in: workshop.session)
    #expect(result.commit != nil && result.rules.map(\.name) == ["refusal-v1", "rouge-l"])
    #expect(try workshop.records().count == 3)
    let record = try #require(before.keys.sorted().dropFirst().first)
    let why = try WhyRequest(record: "\(record)").run(in: workshop.session)
    #expect(!why.isPresent && why.decisions.map(\.rule) == ["rouge-l"] && why.nearest != nil)
    #expect(why.choice?.verb == "filter" && why.choice?.settings["rouge_l"]?.double == 0.7)
    #expect(why.choice?.settings["rules"]?.array?.first?["rule"]?.string == "refusal-v1")
    let log = try DroppedLogRequest().run(in: workshop.session)
    #expect(log.map(\.dropped.count) == [4] && log.first?.commit.commit == result.commit?.commit)
    #expect(log.first?.dropped.map(\.verb) == ["filter", "filter", "filter", "filter"])
    #expect(log.first?.dropped.map(\.rule) == ["rouge-l", "refusal-v1", "rouge-l", "rouge-l"])
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
    // Nothing more to leave out makes no version.
    let again = try FilterRequest(source: "HEAD", settings: settings).run(in: workshop.session)
    #expect(again.commit == nil && again.dropped == 0)
    _ = try UndoRequest(.undo).run(in: workshop.session)
    #expect(try workshop.records() == before)
  }

  @Test func nearestOfWhatStays() throws {
    var settings = FilterSettings()
    settings.rougeL = 0.7
    settings.describesKept = true
    var decisions: [FilterDecision] = []
    _ = try FilterRequest(source: "rows.jsonl", settings: settings, examples: .first(1)).run(
      in: workshop.session
    ) {
      decisions.append($0)
    }
    #expect(decisions[0].nearest == nil && decisions[0].mean == nil)
    // Row 4 is compared with row 1 alone, and has no word of it.
    #expect(decisions[3].isKept && decisions[3].mean == 0 && decisions[3].nearest == nil)
    #expect(decisions[1].score == 1 && decisions[1].mean == 1)
  }

  /// As many as are asked for, the nearest first, in the order of what they are compared with where they are equally near.
  @Test func theNearestAreTold() throws {
    try workshop.write(
      "four.jsonl",
      lines(
        ["a b c d e", "a b c d x", "a b y z w", "a b c q r", "u v"].map {
          ["instruction": $0, "output": "x"]
        }))
    try workshop.write(
      "known.jsonl",
      lines([["instruction": "a b c d e", "output": "x"], ["instruction": "u", "output": "x"]]))
    var settings = FilterSettings()
    settings.rougeL = 0.7
    settings.describesKept = true
    func told(_ count: Int) throws -> [[String]] {
      settings.neighbours = count
      var found: [[String]] = []
      _ = try FilterRequest(source: "four.jsonl", against: ["known.jsonl"], settings: settings).run(
        in: workshop.session
      ) { decision in
        guard case .array(let items)? = decision.json["most_similar"] else {
          throw Failure(.missing, "nothing is told")
        }
        // The first of them is the nearest.
        #expect(items.first?["item"] ?? .null == decision.nearest ?? .null)
        #expect(items.first?["score"]?.double ?? 0 == decision.score ?? 0)
        found.append(
          items.map { "\($0["item"]?.string ?? "\($0["item"]?.int ?? 0)") \($0["score"]?.double ?? 0)" })
      }
      return found
    }
    #expect(
      try told(10) == [
        ["known.jsonl:1 1.0"], ["known.jsonl:1 0.8000000000000002"], ["known.jsonl:1 0.4000000000000001"],
        ["known.jsonl:1 0.6", "3 0.4000000000000001"], ["known.jsonl:2 \(2.0 / 3)"],
      ])
    settings.policy = .isolated
    #expect(try told(2)[3] == ["known.jsonl:1 0.6", "1 0.6"])
    #expect(try told(3)[3] == ["known.jsonl:1 0.6", "1 0.6", "2 0.6"])
    #expect(throws: Failure.self) { try told(101) }
    settings.neighbours = 0
    _ = try FilterRequest(source: "four.jsonl", settings: settings).run(in: workshop.session) {
      #expect($0.json["most_similar"] == nil && $0.mean != nil)
    }
  }

  @Test func results() throws {
    var settings = FilterSettings()
    settings.rougeL = 0.7
    let result = try FilterRequest(source: "rows.jsonl", settings: settings, examples: .first(1)).run(
      in: workshop.session)
    let example = try #require(result.examples.first)
    #expect(result.examples.count == 1 && example.text == Self.rows[1].0 && example.nearest == Self.rows[0].0)
    #expect(example.decision.row == 2 && result.from == nil && result.items == 7)
    #expect(result.scores.reduce(0, +) == 4 && result.scores[17] == 1 && result.scores[19] == 3)
    let closest = try FilterRequest(source: "rows.jsonl", settings: settings, examples: .closest(3)).run(
      in: workshop.session)
    #expect(closest.examples.map(\.decision.row) == [2, 5, 7])
  }

  @Test func threadsChangeNothing() throws {
    var rows: [(String, String, String)] = []
    for number in 0..<3000 {
      rows.append(
        (
          "Name \(number % 700) causes of \(number % 13) and of fever number \(number % 41)", "x",
          "\(number % 3)"
        ))
    }
    try workshop.write("rows.jsonl", Self.text(rows))
    let two = try dropped()
    var session = workshop.session
    session.threads = 1
    var settings = FilterSettings()
    settings.rougeL = 0.7
    let one = try FilterRequest(source: "rows.jsonl", settings: settings).run(in: session)
    #expect(one.dropped == two.count && two.count > 100)
  }

  @Test func refused() throws {
    func refuse(_ says: String, _ work: () throws -> Void) {
      do {
        try work()
        Issue.record("accepted")
      } catch { #expect("\(error)".contains(says), "\(error)") }
    }
    refuse("nothing to filter by") { _ = try dropped { $0.rougeL = nil } }
    refuse("from 0 to 1") { _ = try dropped { $0.rougeL = 1.5 } }
    refuse("from 0 to 1") { _ = try dropped { $0.rougeL = .nan } }
    refuse("no tokenizer") { _ = try dropped { $0.tokenizer = "words" } }
    refuse("no rule `refusl`") { _ = try dropped { $0.rules = ["refusl"] } }
    refuse("is not a version") { _ = try dropped("missing.jsonl") }
    try workshop.write("broken.jsonl", Self.text(Self.rows) + "{\n")
    refuse("broken.jsonl:8") { _ = try dropped("broken.jsonl") }
    try workshop.commit(.files([ImportRequest(source: "rows.jsonl")]))
    try workshop.write("main", Self.text(Self.rows))
    refuse("is a file and a version") { _ = try dropped("main") }
    #expect(try dropped("./main").count == 4)
    refuse("is like itself") { _ = try dropped("HEAD", against: ["HEAD"]) }
  }
}
