import Faults

/// The power goes at every change of the disk that each verb makes, and again while the next verb recovers.
struct PowerCuts: Mode {
  let name = "power"
  let summary = "power cuts: unsynchronized bytes and names survive by luck"

  /// At least this many states in a long run.
  private static let goal = 100_000

  func run(_ plan: Plan) async throws -> Verdict {
    let verbs = Verb.all
    let results = try await withThrowingTaskGroup(of: (Int, [String]).self) { group in
      for half in 0..<2 {
        group.addTask {
          var generator = SeededRandom(seed: plan.seed &+ UInt64(half))
          let laboratory = try Laboratory(folder: plan.folder + "/\(half)")
          var states = 0
          var failures: [String] = []
          for (number, verb) in verbs.enumerated() where number % 2 == half {
            var cut = try PowerCut(verb, in: laboratory)
            let share = Self.goal / verbs.count
            repeat {
              try cut.run(
                step: plan.isShort ? 7 : 1, chances: plan.isShort ? 1 : 12, compound: plan.isShort ? 0 : 1,
                using: &generator)
            } while !plan.isShort && cut.states < share && cut.failures.isEmpty
            states += cut.states
            failures += cut.failures
          }
          return (states, failures)
        }
      }
      return try await group.reduce(into: (0, [String]())) { $0 = ($0.0 + $1.0, $0.1 + $1.1) }
    }
    return Verdict(counts: "\(results.0) states of \(verbs.count) verbs", failures: results.1)
  }
}
