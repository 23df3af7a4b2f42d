import Foundation
import Sequences

/// `mdata gc` against writers.
struct Collections: Mode {
  let name = "gc"
  let summary = "collections that drop everything they may, against commits of what they drop, some killed"

  func run(_ plan: Plan) async throws -> Verdict {
    let count = plan.count(short: 10, long: 1_000)
    var rounds = CollectionRounds(
      binary: plan.binary, place: URL(fileURLWithPath: plan.folder).appending(path: "gc"), seed: plan.seed)
    do {
      return Verdict(counts: try rounds.run(count))
    } catch let loss as CollectionRounds.Loss {
      return Verdict(counts: "\(count) rounds begun", failures: [loss.description])
    }
  }
}
