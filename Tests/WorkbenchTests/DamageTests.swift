import Foundation
import Testing

@testable import Workbench

/// Altered repositories: every flipped bit is found before anything is trained or written, or did not matter.
@Suite struct DamageTests {
  @Test func trainingRefusesAnAlteredPackAndNamesTheRecord() throws {
    let workshop = try Workshop()
    let rows = (0..<24).map {
      ["instruction": "Question number \($0)?", "output": "Answer number \($0 * 7)."]
    }
    try workshop.write("data.jsonl", lines(rows))
    try workshop.commit("data.jsonl")
    _ = try ModelRequest(folder: "tiny", seed: 0).run(in: workshop.session)
    let whole = try workshop.checkout()
    let objects = workshop.folder.path + "/.mdata/objects"
    let packs = try FileManager.default.contentsOfDirectory(atPath: objects).filter { $0.hasSuffix(".pack") }
    let pack = objects + "/" + (try #require(packs.count == 1 ? packs.first : nil))
    let bytes = try Data(contentsOf: URL(fileURLWithPath: pack))
    let before = try workshop.records().count
    var named = 0
    for step in 0..<16 {
      var altered = bytes
      altered[16 + step * (bytes.count - 32) / 16] ^= 0x10
      try altered.write(to: URL(fileURLWithPath: pack))
      var request = TrainRequest(version: .revision("HEAD"), model: "tiny", output: "out\(step)")
      request.steps = 1
      request.batch = 1
      request.sequenceLength = 256
      do {
        _ = try request.run(in: workshop.session) { _ in }
      } catch let failure as Failure {
        #expect(failure.kind == .data, "\(failure)")
        #expect(!failure.hints.isEmpty, "\(failure)")
        if failure.message.contains(/record `[0-9a-f]{24}:[0-9]+` does not verify/) { named += 1 }
        #expect(
          !FileManager.default.fileExists(atPath: workshop.folder.path + "/out\(step)"),
          "trained although: \(failure)")
      }
      // A checkout gives the right bytes or none.
      let checked = try? workshop.checkout()
      #expect(checked == nil || checked == whole)
    }
    #expect(named >= 3, "only \(named) of 16 flips were named as a record")
    try bytes.write(to: URL(fileURLWithPath: pack))
    #expect(try workshop.records().count == before)
  }

  @Test func aMissingPackIsSaid() throws {
    let workshop = try Workshop()
    try workshop.write("data.jsonl", lines([["instruction": "a", "output": "b"]]))
    try workshop.commit("data.jsonl")
    try FileManager.default.removeItem(atPath: workshop.folder.path + "/.mdata/objects")
    try FileManager.default.createDirectory(
      atPath: workshop.folder.path + "/.mdata/objects", withIntermediateDirectories: true)
    do {
      _ = try workshop.checkout()
      Issue.record("a checkout without objects succeeded")
    } catch let failure as Failure {
      #expect(failure.kind == .data)
      #expect(!failure.hints.isEmpty)
    }
  }
}
