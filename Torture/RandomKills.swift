import Faults
import Foundation

/// kill -9 at a moment that chance picks.
struct RandomKills: Mode {
  let name = "random"
  let summary = "SIGKILL at random moments of each verb"

  func run(_ plan: Plan) async throws -> Verdict {
    let count = Verb.all.count
    let rounds = plan.count(short: count * 2, long: 10_000) / count + (plan.isShort ? 0 : 1)
    let verbs = try await plan.forEachVerb { verb, laboratory, generator in
      let folder = laboratory.folder
      let base = try laboratory.base(for: verb)
      let before = try Observation(laboratory.session())
      let begun = Date()
      _ = try Program.run(plan.binary, verb.arguments, in: folder, second: 10)
      let duration = Date().timeIntervalSince(begun)
      let after = try Observation(laboratory.session())
      let known = before.contents.merging(after.contents) { $1 }
      var killed = 0
      var failures: [String] = []
      for _ in 0..<rounds {
        try Disk.write(base, to: folder)
        let (process, pipe) = try Program.start(plan.binary, verb.arguments, in: folder, second: 10)
        let pause = Double.random(in: 0...duration, using: &generator)
        usleep(UInt32(pause * 1_000_000))
        kill(process.processIdentifier, SIGKILL)
        _ = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let isDone = process.terminationReason == .exit && process.terminationStatus == 0
        if !isDone { killed += 1 }
        let place = "\(verb.name), killed after \(Int(pause * 1e6)) µs"
        do {
          let allowed = isDone ? [after] : [before, after]
          if let fault = try laboratory.check(allowed: allowed, known: known) {
            failures.append("\(place): \(fault)")
          }
        } catch {
          failures.append("\(place): \(error)")
        }
      }
      return (killed: killed, failures: failures)
    }
    let killed = verbs.map(\.killed).reduce(0, +)
    return Verdict(
      counts: "\(verbs.count * rounds) runs, \(killed) of them killed in time",
      failures: verbs.flatMap(\.failures))
  }
}
