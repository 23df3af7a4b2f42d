import Faults

/// Every call through the file-system seam fails, once and for ever, with every error.
struct IOErrors: Mode {
  let name = "errors"
  let summary = "I/O errors: each system call of each verb fails, once or from then on"

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
            var failed = try FailedCalls(verb, in: laboratory)
            for call in 1...failed.calls {
              for code in FailedCalls.codes {
                for staysBroken in [false, true] {
                  if plan.isShort, Int.random(in: 0..<80, using: &generator) > 0 { continue }
                  try failed.fail(call, code: code, staysBroken: staysBroken)
                }
              }
            }
            states += failed.states
            failures += failed.failures
          }
          return (states, failures)
        }
      }
      return try await group.reduce(into: (0, [String]())) { $0 = ($0.0 + $1.0, $0.1 + $1.1) }
    }
    return Verdict(counts: "\(results.0) failed calls of \(verbs.count) verbs", failures: results.1)
  }
}
