import Faults

/// Every call through the file-system seam fails, once and for ever, with every error.
struct IOErrors: Mode {
  let name = "errors"
  let summary = "I/O errors: each system call of each verb fails, once or from then on"

  func run(_ plan: Plan) async throws -> Verdict {
    let verbs = try await plan.forEachVerb { verb, laboratory, generator in
      var failed = try FailedCalls(verb, in: laboratory)
      for call in 1...failed.calls {
        for code in FailedCalls.codes {
          for staysBroken in [false, true] {
            if plan.isShort, Int.random(in: 0..<80, using: &generator) > 0 { continue }
            try failed.fail(call, code: code, staysBroken: staysBroken)
          }
        }
      }
      return (states: failed.states, failures: failed.failures)
    }
    return Verdict(
      counts: "\(verbs.map(\.states).reduce(0, +)) failed calls of \(verbs.count) verbs",
      failures: verbs.flatMap(\.failures))
  }
}
