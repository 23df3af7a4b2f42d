import Faults
import Foundation
import Records
import Testing

@Suite struct FailedCallsTests {
  /// A few of the failures that `./dev torture errors` goes through.
  @Test(arguments: Verb.all.filter { $0.name != "train" }.map(\.name))
  func everyVerbSurvivesFailedCalls(name: String) throws {
    let verb = try #require(Verb.all.first { $0.name == name })
    let laboratory = try Laboratory(folder: TemporaryPlace.make("errors"))
    defer { try? FileManager.default.removeItem(atPath: laboratory.folder) }
    var generator = SplitMix64(seed: 11)
    var failed = try FailedCalls(verb, in: laboratory)
    for _ in 0..<12 {
      try failed.fail(
        Int.random(in: 1...failed.calls, using: &generator),
        code: FailedCalls.codes.randomElement(using: &generator) ?? 5,
        staysBroken: .random(using: &generator))
    }
    #expect(failed.failures.isEmpty, "\(failed.failures.prefix(5).joined(separator: "\n"))")
  }
}

/// Folders in memory where the system has such, since nothing here needs a real disk.
enum TemporaryPlace {
  static func make(_ name: String) -> String {
    let memory = "/dev/shm"
    let parent =
      FileManager.default.isWritableFile(atPath: memory)
      ? memory : FileManager.default.temporaryDirectory.path
    return parent + "/mdata-\(name)-\(UUID().uuidString)"
  }
}
