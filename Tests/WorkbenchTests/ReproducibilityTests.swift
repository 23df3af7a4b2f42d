import Foundation
import Records
import Testing

@testable import Workbench

/// The same import is the same version, wherever and however it is made.
@Suite struct ReproducibilityTests {
  /// Snapshot root of fixtures/pairs/batch-1.jsonl, imported with nothing said about it. A change of this value is a
  /// change of the format of pairs, origins, batches or tree nodes: repositories made before it give other roots.
  static let golden = "309fba1a8fbdb69ab2442db82f15435aecb8f8f59701d86d8da66d315215408e"

  @Test(arguments: [1, 2, 7]) func theSameRootEverywhere(threads: Int) throws {
    let workshop = try Workshop(threads: threads)
    let result = try workshop.commit(Workshop.fixtures.path + "/pairs/batch-1.jsonl")
    #expect(result.snapshot == Self.golden)
    #expect(result.records == 200)
  }

  /// Large enough for many chunks, a dictionary and several waves of work.
  @Test func theSameObjectsWithAnyThreads() throws {
    var random = SplitMix64(seed: 7)
    let rows = (0..<2500).map { number in
      [
        "instruction": "What about case \(number)?",
        "output": String(repeating: "word\(Int.random(in: 0..<99, using: &random)) ", count: 12),
        "id": "\(number)",
      ]
    }
    var seen: Set<[String]> = []
    for threads in [1, 2, 7] {
      let workshop = try Workshop(threads: threads)
      try workshop.write("data.jsonl", lines(rows))
      let result = try workshop.commit("data.jsonl")
      let packs = try FileManager.default.contentsOfDirectory(
        atPath: workshop.folder.path + "/.mdata/objects"
      ).sorted()
      seen.insert([result.snapshot, result.commit?.commit ?? ""] + packs)
      #expect(try workshop.checkout() == lines(rows))
    }
    #expect(seen.count == 1, "\(seen)")
  }

  @Test func theClockIsOnlyInTheCommit() throws {
    let workshop = try Workshop(), other = try Workshop()
    let path = Workshop.fixtures.path + "/formats/pairs.csv"
    let early = try workshop.commit(path), late = try other.commit(path, at: 86_400)
    #expect(early.snapshot == late.snapshot)
    #expect(early.commit?.commit != late.commit?.commit)
  }
}
