import Foundation
import Glibc
import Records
import Testing

@testable import Workbench

/// Runs with their folders, and runs beside each other.
@Suite struct RunsTests {
  private let workshop: Workshop

  /// Two versions, of which the second has a record more and one edited; a tiny model.
  init() throws {
    workshop = try Workshop()
    try workshop.write("a.jsonl", lines((1...4).map(Self.row)))
    try workshop.commit("a.jsonl")
    _ = try NamesRequest(.tag, action: .create("v1", at: "HEAD")).run(in: workshop.session)
    try workshop.write("b.jsonl", lines([Self.row(5)]))
    try workshop.commit("b.jsonl", at: 60)
    try workshop.write("fix.jsonl", lines([["id": "p2", "instruction": "Q2?", "output": "Edited."]]))
    try workshop.commit(.update(ImportRequest(source: "fix.jsonl"), key: "id"), at: 120)
    _ = try ModelRequest(folder: "tiny", seed: 1).run(in: workshop.session)
  }

  private static func row(_ number: Int) -> [String: String] {
    ["id": "p\(number)", "instruction": "Q\(number)?", "output": "Answer \(number) ends."]
  }

  @discardableResult
  private func train(_ revision: String, _ output: String, steps: Int = 2, rate: Double = 1e-3) throws
    -> RunSummary
  {
    var request = TrainRequest(version: .revision(revision), model: "tiny", output: output)
    (request.steps, request.sequenceLength, request.batch, request.learningRate) = (steps, 64, 2, rate)
    return try request.run(in: workshop.session, report: { _ in }).run
  }

  private func show(_ run: String, folder: String? = nil) throws -> RunDetails {
    try RunShowRequest(run, folder: folder).run(in: workshop.session)
  }

  private func metrics(_ text: String, in folder: String = "going") throws {
    try FileManager.default.createDirectory(
      at: workshop.folder.appending(path: folder), withIntermediateDirectories: true)
    try workshop.write("\(folder)/metrics.jsonl", text)
  }

  @Test func aRunIsShownWithItsFolder() throws {
    let run = try train("v1", "out")
    for name in [run.short, run.run, "out", "./out"] {
      let details = try show(name)
      #expect(details.run?.run == run.run, "\(name)")
      #expect(details.folder?.model == .intact && details.folder?.metrics == .intact)
      let curve = try #require(details.curve)
      #expect(curve.points.map(\.step) == [1, 2] && !curve.isTorn)
      #expect(curve.points.first?.loss == run.firstLoss && curve.points.last?.loss == run.lastLoss)
      #expect(
        curve.points.allSatisfy { $0.tokens != nil && $0.learningRate != nil && $0.gradientNorm != nil })
      #expect(curve.best?.loss == min(run.firstLoss, run.lastLoss))
    }
    let shown = try #require(try show("out").run)
    #expect(shown.template == "alpaca" && shown.output?.name == "out" && shown.code.hasPrefix("mdata "))
    #expect(shown.configuration.contains { $0.name == "lr" && $0.value == .number(1e-3) })
  }

  @Test func whatBecameOfTheFolderIsSaid() throws {
    let run = try train("v1", "out")
    let folder = workshop.folder.appending(path: "out")
    try workshop.write("out/config.json", workshop.text("out/config.json") + " ")
    #expect(try show(run.short).folder?.model == .changed)
    #expect(
      try RunShowRequest(run.short, verifiesModel: false).run(in: workshop.session).folder?.model
        == .unchecked)
    let metrics = try workshop.text("out/metrics.jsonl")
    try workshop.write("out/metrics.jsonl", metrics + "{\"loss\":1,\"step\":3}\n")
    let other = try show(run.short)
    #expect(other.folder?.metrics == .changed && other.curve == nil)
    #expect(try show("out").run == nil && show("out").curve?.points.count == 3)
    try FileManager.default.removeItem(at: folder.appending(path: "config.json"))
    try FileManager.default.removeItem(at: folder.appending(path: "metrics.jsonl"))
    let gone = try show("out")
    #expect(gone.run?.run == run.run && gone.curve == nil)
    #expect(gone.folder?.model == .missing && gone.folder?.metrics == .missing)
    try FileManager.default.moveItem(at: folder, to: workshop.folder.appending(path: "moved"))
    #expect(try show(run.short).folder == nil)
    try workshop.write("moved/metrics.jsonl", metrics)
    #expect(try show("moved").run?.run == run.run)
    #expect(try show(run.short, folder: "moved").folder?.metrics == .intact)
  }

  /// Where two folders have the name, the one with the run's own metrics is taken.
  @Test func theFolderIsLookedForBesideTheRepository() throws {
    let run = try train("v1", "out")
    var session = workshop.session
    session.directory = workshop.folder.appending(path: "deep").path
    try FileManager.default.createDirectory(
      atPath: session.directory + "/out", withIntermediateDirectories: true)
    let found = try RunShowRequest(run.short).run(in: session)
    #expect(found.folder?.metrics == .intact && found.folder?.path == workshop.folder.path + "/out")
  }

  @Test func aTrainingThatGoesOnIsShownAsFarAsItCame() throws {
    try metrics(
      "{\"loss\":3,\"step\":1}\n{\"step\":1,\"validation_loss\":2}\n{\"loss\":2.5,\"step\":2,\"extra\":[1]}\n{\"loss\":2"
    )
    let details = try show("going")
    #expect(details.run == nil && details.folder?.metrics == .unchecked)
    #expect(details.curve?.points.map(\.loss) == [3, 2.5] && details.curve?.isTorn == true)
    // A whole line counts, with or without its end.
    try metrics("{\"loss\":3,\"step\":1}\n{\"loss\":2,\"step\":2}")
    #expect(try show("going").curve?.points.count == 2)
    #expect(try show("going").curve?.isTorn == false)
    try metrics("")
    #expect(try show("going").curve?.points.isEmpty == true)
  }

  /// A training that went on from an earlier state made steps again.
  @Test func aStepThatComesAgainReplacesWhatFollowed() throws {
    try metrics([1, 2, 3, 4, 3, 4, 5].enumerated().map { "{\"loss\":\($0),\"step\":\($1)}\n" }.joined())
    let curve = try #require(try show("going").curve)
    #expect(curve.points.map(\.step) == [1, 2, 3, 4, 5] && curve.points.map(\.loss) == [0, 1, 4, 5, 6])
    #expect(curve.loss(at: 3) == 4 && curve.loss(at: 6) == nil && curve.loss(at: 0) == nil)
  }

  @Test func divergenceIsTold() throws {
    try metrics("{\"loss\":3,\"step\":1}\n{\"loss\":null,\"step\":2}\n{\"loss\":4,\"step\":3}\n")
    let curve = try #require(try show("going").curve)
    #expect(curve.divergence == 2 && curve.best?.step == 1)
  }

  @Test(
    arguments: [
      ("{\"loss\":1,\"step\":1}\n{\"loss\":1,\"step\":-1}\n", "going/metrics.jsonl:2: `step`"),
      ("{\"loss\":1,\"step\":1}\nnonsense\n", "going/metrics.jsonl:2: column 1"),
      ("{\"loss\":1,\"step\":1}\n\n", "going/metrics.jsonl:2: "),
      ("{\"loss\":1,\"step\":1}\n{\"loss\":[],\"step\":2}", "going/metrics.jsonl:2: `loss`"),
      (String(repeating: "x", count: 1 << 17), "going/metrics.jsonl:1: the line is longer"),
      (String(repeating: "x", count: 1 << 16) + "xx\n", "going/metrics.jsonl:1: the line is longer"),
    ]) func aHostileFileIsRefusedByLine(text: String, message: String) throws
  {
    try metrics(text)
    let failure = #expect(throws: Failure.self) { try show("going") }
    #expect(failure?.kind == .data && failure?.message.contains(message) == true, "\(failure?.message ?? "")")
  }

  @Test func whatIsNoRunIsRefused() throws {
    try FileManager.default.createDirectory(
      at: workshop.folder.appending(path: "empty"), withIntermediateDirectories: false)
    let batch = try #require(try ShowRequest(revision: "HEAD").run(in: workshop.session).batches.first?.batch)
    for name in ["ffffffff", "nothing", "empty", batch, "a.jsonl"] {
      let failure = #expect(throws: Failure.self, "\(name)") { try show(name) }
      #expect(failure?.kind == .missing, "\(name): \(failure?.message ?? "")")
    }
    mkfifo(workshop.folder.path + "/empty/metrics.jsonl", 0o600)
    let pipe = #expect(throws: Failure.self) { try show("empty") }
    #expect(pipe?.kind == .data)
  }

  @Test func runsAreCompared() throws {
    let first = try train("v1", "one")
    let second = try train("HEAD", "two", steps: 3, rate: 5e-4)
    let comparison = try RunCompareRequest([first.short, "two"]).run(in: workshop.session)
    #expect(comparison.runs.map { $0.run?.run } == [first.run, second.run])
    let settings = Dictionary(uniqueKeysWithValues: comparison.settings.map { ($0.name, $0.values) })
    #expect(
      settings["lr"] == [.number(1e-3), .number(5e-4)] && settings["steps"] == [.number(2), .number(3)])
    #expect(settings["commit"] == [.string(first.commit), .string(second.commit)])
    #expect(settings["model"] == nil && settings["batch"] == nil)
    let version = try #require(comparison.versions.first)
    #expect(comparison.versions.count == 1 && version.from.commit == first.commit)
    #expect(version.counts == ChangeCounts(added: 1, edited: 1, removed: 0))
    #expect(comparison.losses.map(\.step) == [1, 2])
    #expect(comparison.losses[0].values == [first.firstLoss, second.firstLoss])
    // One that is not recorded has losses and no settings.
    try metrics("{\"loss\":3,\"step\":2}\n{\"loss\":2,\"step\":4}\n")
    let mixed = try RunCompareRequest(["one", "going", "two"]).run(in: workshop.session)
    #expect(mixed.losses.map(\.step) == [2] && mixed.losses[0].values.count == 3)
    #expect(mixed.settings.first { $0.name == "seed" }?.values == [.number(0), nil, .number(0)])
    for few in [["one"], Array(repeating: "one", count: 9)] {
      #expect(throws: Failure.self) { try RunCompareRequest(few).run(in: workshop.session) }
    }
  }

  /// A long pair of runs is compared at a hundred and one steps.
  @Test func lossesAreTakenAtEqualDistances() throws {
    let text = (1...1000).map { "{\"loss\":\($0),\"step\":\($0)}\n" }.joined()
    try metrics(text, in: "left")
    try metrics(text, in: "right")
    let steps = try RunCompareRequest(["left", "right"]).run(in: workshop.session).losses.map(\.step)
    #expect(steps.count == 101 && steps.first == 1 && steps.last == 1000)
    #expect(zip(steps, steps.dropFirst()).allSatisfy { (9...10).contains($1 - $0) })
  }

  @Test func runsAreListedByVersionAndRecord() throws {
    let first = try train("v1", "one")
    let second = try train("HEAD", "two")
    func runs(_ revision: String?, _ record: String? = nil) throws -> [String] {
      try RunsRequest(revision: revision, record: record).run(in: workshop.session).map(\.run)
    }
    #expect(try runs(nil) == [first.run, second.run])
    #expect(try runs("v1") == [first.run] && runs("HEAD") == [second.run])
    let seen = try #require(first.seen.first)
    let row = try #require(seen.rows.first?.lowerBound)
    #expect(try runs("v1", "\(seen.batch):\(row)") == [first.run])
    #expect(throws: Failure.self) { try runs(nil, "\(seen.batch):99") }
  }
}
