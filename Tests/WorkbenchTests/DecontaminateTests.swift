import Records
import Testing

@testable import Workbench

/// What is found of evaluation sets, and what becomes of it. No clinician reviewed these texts.
@Suite struct DecontaminateTests {
  private let workshop: Workshop

  private static let prompts = [
    "Choose one answer: which organ of a grown person makes the insulin that moves sugar into cells?",
    "Choose one answer: which vessel carries blood from the lungs back to the left side of a heart?",
    "Explain how insulin works.", "Flu?",
  ]
  private static let tasks = [
    "I was asked which organ of a grown person makes the insulin that moves sugar into cells, and why.",
    "Choose one answer: which drug lowers a fever?", "Please explain how insulin works, in short.",
    "What is flu?", "Which organ makes bile?",
  ]

  init() throws {
    workshop = try Workshop()
    try workshop.write("eval.jsonl", Self.text(Self.prompts))
    try workshop.write("rows.jsonl", Self.text(Self.tasks))
  }

  private static func text(_ tasks: [String]) -> String {
    lines(tasks.map { ["instruction": $0, "output": "x"] })
  }

  private func found(
    _ source: String = "rows.jsonl", _ change: (inout DecontaminationSettings) -> Void = { _ in }
  ) throws -> [String] {
    var settings = DecontaminationSettings()
    settings.shortest = 4
    change(&settings)
    var found: [String] = []
    let request = DecontaminateRequest(
      source: source, against: ["eval.jsonl"], settings: settings, report: "report.jsonl")
    let result = try request.run(in: workshop.session) {
      found.append("\($0.item.int ?? 0) \($0.evaluation.string ?? "") \($0.rule) \($0.score)")
    }
    #expect(try workshop.text("report.jsonl").split(separator: "\n").count == found.count)
    #expect(result.sets.map(\.items) == [4] && result.commit == nil)
    return found
  }

  @Test func runsOfWords() throws {
    #expect(try found() == ["1 eval.jsonl:1 13-gram 14.0", "3 eval.jsonl:3 whole 4.0"])
    #expect(try found { $0.ngram = 15 } == ["3 eval.jsonl:3 whole 4.0"])
    #expect(try found { $0.shortest = 5 } == ["1 eval.jsonl:1 13-gram 14.0"])
    #expect(try found { $0.fields = [.output] } == [])
    var spans: [String] = []
    _ = try DecontaminateRequest(source: "rows.jsonl", against: ["eval.jsonl"]).run(in: workshop.session) {
      spans.append($0.span)
    }
    #expect(spans == ["which organ of a grown person makes the insulin that moves sugar into cells"])
  }

  /// Two prompts begin alike: of four that is a form of words.
  @Test func formsOfWordsDoNotCount() throws {
    var settings = DecontaminationSettings()
    settings.ngram = 4
    let result = try DecontaminateRequest(
      source: "rows.jsonl", against: ["eval.jsonl"], settings: settings
    ).run(in: workshop.session)
    #expect(result.boilerplate.map(\.text) == ["choose one answer which"])
    #expect(result.boilerplate.map(\.evaluations) == [2] && result.contaminated == 2)
    let counted = try found {
      $0.ngram = 4
      $0.boilerplate = 1
    }
    #expect(counted.contains { $0.hasPrefix("2 eval.jsonl:1 4-gram") })
  }

  @Test func tasksThatAreAlike() throws {
    let alike = try found { $0.rougeL = 0.6 }
    #expect(
      alike.filter { $0.contains("rouge-l") }.map { $0.prefix(14) } == ["1 eval.jsonl:1", "3 eval.jsonl:3"])
    // Items are not compared with each other.
    try workshop.write("rows.jsonl", Self.text(["Name a bone of the hand.", "Name a bone of the hand."]))
    #expect(try found { $0.rougeL = 0.6 } == [])
  }

  @Test func droppedOnlyWhenAsked() throws {
    try workshop.commit(.files([ImportRequest(source: "rows.jsonl")]))
    let before = try workshop.records()
    var request = DecontaminateRequest(source: "HEAD", against: ["eval.jsonl"])
    request.settings.shortest = 4
    #expect(try request.run(in: workshop.session).contaminated == 2)
    #expect(try workshop.records() == before)
    request.drops = true
    let result = try request.run(in: workshop.session)
    #expect(result.commit != nil && result.contaminated == 2)
    #expect(try workshop.records().count == 3)
    let record = try #require(before.keys.sorted().first)
    let why = try WhyRequest(record: "\(record)").run(in: workshop.session)
    #expect(why.decisions.map(\.rule) == ["13-gram"] && why.choice?.settings["ngram"]?.int == 13)
    #expect(try FsckRequest().run(in: workshop.session).isIntact)
    _ = try UndoRequest(.undo).run(in: workshop.session)
    #expect(try workshop.records() == before)
  }

  @Test func refused() throws {
    func refuse(_ says: String, _ work: () throws -> Void) {
      do {
        try work()
        Issue.record("accepted")
      } catch { #expect("\(error)".contains(says), "\(error)") }
    }
    refuse("no evaluation set") {
      _ = try DecontaminateRequest(source: "rows.jsonl", against: []).run(in: workshop.session)
    }
    refuse("only a branch") {
      _ = try DecontaminateRequest(source: "rows.jsonl", against: ["eval.jsonl"], drops: true).run(
        in: workshop.session)
    }
    for ngram in [0, -1, 1 << 40] { #expect(throws: Failure.self) { try found { $0.ngram = ngram } } }
    for share in [0, -1, 2, Double.nan] {
      #expect(throws: Failure.self) { try found { $0.boilerplate = share } }
    }
    refuse("from 0 to 1") { _ = try found { $0.rougeL = 7 } }
  }
}
