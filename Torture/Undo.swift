import Foundation
import Sequences

/// Random sequences of verbs, undone to the beginning and done again.
struct Undo: Mode {
  let name = "undo"
  let summary = "random sequences of verbs: every state comes back byte for byte"

  func run(_ plan: Plan) async throws -> Verdict {
    let count = plan.count(short: 30, long: 10_000)
    var sequences = UndoSequences(
      place: URL(fileURLWithPath: plan.folder).appending(path: "undo"), seed: plan.seed)
    do {
      let compared = try sequences.run(count)
      return Verdict(counts: "\(count) sequences, \(compared) states compared")
    } catch let difference as UndoSequences.Difference {
      return Verdict(counts: "\(count) sequences begun", failures: [difference.description])
    }
  }
}
