import Faults
import Foundation

/// kill -9 at a moment that chance picks.
struct RandomKills: Mode {
  let name = "random"
  let summary = "SIGKILL at random moments of each verb"

  func run(_ plan: Plan) async throws -> Verdict {
    let verbs = Verb.all
    let rounds = plan.count(short: verbs.count * 2, long: 10_000) / verbs.count + (plan.isShort ? 0 : 1)
    let results = try await withThrowingTaskGroup(of: (Int, Int, [String]).self) { group in
      for half in 0..<2 {
        group.addTask {
          var generator = SeededRandom(seed: plan.seed &+ UInt64(half))
          let folder = plan.folder + "/\(half)"
          let laboratory = try Laboratory(folder: folder)
          var (runs, killed) = (0, 0)
          var failures: [String] = []
          for (number, verb) in verbs.enumerated() where number % 2 == half {
            let base = try laboratory.base(for: verb)
            let before = try Observation(laboratory.session())
            let begun = Date()
            _ = try Program.run(plan.binary, verb.arguments, in: folder, second: 10)
            let duration = Date().timeIntervalSince(begun)
            let after = try Observation(laboratory.session())
            let known = before.contents.merging(after.contents) { $1 }
            for _ in 0..<rounds {
              try Disk.write(base, to: folder)
              let (process, pipe) = try Program.start(plan.binary, verb.arguments, in: folder, second: 10)
              let pause = Double.random(in: 0...duration, using: &generator)
              usleep(UInt32(pause * 1_000_000))
              kill(process.processIdentifier, SIGKILL)
              _ = pipe.fileHandleForReading.readDataToEndOfFile()
              process.waitUntilExit()
              let isDone = process.terminationReason == .exit && process.terminationStatus == 0
              runs += 1
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
          }
          return (runs, killed, failures)
        }
      }
      return try await group.reduce(into: (0, 0, [String]())) {
        ($0.0, $0.1, $0.2) = ($0.0 + $1.0, $0.1 + $1.1, $0.2 + $1.2)
      }
    }
    return Verdict(counts: "\(results.0) runs, \(results.1) of them killed in time", failures: results.2)
  }
}
