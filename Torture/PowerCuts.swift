import Faults

/// The power goes at every change of the disk that each verb makes, and again while the next verb recovers.
struct PowerCuts: Mode {
  let name = "power"
  let summary = "power cuts: unsynchronized bytes and names survive by luck"

  /// At least this many states in a long run.
  private static let goal = 100_000

  func run(_ plan: Plan) async throws -> Verdict {
    let share = Self.goal / Verb.all.count
    let verbs = try await plan.forEachVerb { verb, laboratory, generator in
      var cut = try PowerCut(verb, in: laboratory)
      repeat {
        try cut.run(
          step: plan.isShort ? 7 : 1, chances: plan.isShort ? 1 : 12, compound: plan.isShort ? 0 : 1,
          using: &generator)
      } while !plan.isShort && cut.states < share && cut.failures.isEmpty
      return (states: cut.states, failures: cut.failures)
    }
    return Verdict(
      counts: "\(verbs.map(\.states).reduce(0, +)) states of \(verbs.count) verbs",
      failures: verbs.flatMap(\.failures))
  }
}
