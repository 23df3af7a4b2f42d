import Faults
import Foundation
import Records
import Testing

@Suite struct PowerCutTests {
  /// A few of the states that `./dev torture power` goes through.
  @Test(arguments: Verb.all.filter { $0.name != "train" }.map(\.name))
  func everyVerbSurvivesPowerCuts(name: String) throws {
    try survives(name, step: 3, chances: 2)
  }

  /// The power goes again while the next verb recovers: where one commit is made, and where a merge waits.
  @Test(arguments: ["commit FILE", "merge", "resolve", "merge --continue"])
  func aSecondCutIsSurvived(name: String) throws {
    try survives(name, step: 9, chances: 1, compound: 1)
  }

  private func survives(_ name: String, step: Int, chances: Int, compound: Int = 0) throws {
    let verb = try #require(Verb.all.first { $0.name == name })
    let folder = FileManager.default.temporaryDirectory.appending(path: "mdata-power-\(UUID().uuidString)")
      .path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var generator = SplitMix64(seed: 7)
    var cut = try PowerCut(verb, in: Laboratory(folder: folder))
    try cut.run(step: step, chances: chances, compound: compound, using: &generator)
    #expect(cut.failures.isEmpty, "\(cut.failures.prefix(5).joined(separator: "\n"))")
  }
}
