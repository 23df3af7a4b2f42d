import History
import Llama
import Records

/// Records that are measured on and never trained on, and what was measured so far.
struct HeldOut {
  let commit: Commit
  let sequences: [TrainingSequence]
  /// How many of them are trained on too.
  let seen: Int
  /// The first measurement, before any step; nil until then.
  var before: Double?
  /// The newest measurement.
  var last: Double?
  /// The smallest loss, its step, and measurements since without a smaller one.
  private(set) var best: (loss: Double, step: Int)?
  private(set) var since = 0
  /// Weights of the best step, kept on disk.
  var weights: Checkpoint.Tensors?

  /// - Throws: ``Failure`` of kind `data` when there is nothing to measure on.
  init(_ revision: String, in workspace: Workspace, encoder: ExampleEncoder, trained: TrainingData) throws {
    commit = try workspace.resolve(revision)
    let data = try TrainingData(commit, in: workspace, drawing: nil, seed: 0, encoder: encoder)
    sequences = data.sequences.filter { $0.trainedTokens > 0 }
    guard !sequences.isEmpty else {
      throw Failure(
        .data, "none of the \(data.records.count) held-out records of `\(revision)` has an answer to measure",
        hint: "try a larger `--seq-len`, or another `--validation`")
    }
    let known = Set(trained.pairs)
    seen = data.pairs.count { known.contains($0) }
  }

  /// Mean loss a token over all records, in nats, in micro-batches of `size` sequences.
  func loss(_ model: LlamaModel, batch size: Int) throws -> Double {
    var loss = LossSum()
    for start in stride(from: 0, to: sequences.count, by: size) {
      loss += try model.loss(Array(sequences[start..<min(start + size, sequences.count)]))
    }
    return loss.mean
  }

  /// Notes a measurement; true when it is the smallest so far.
  mutating func note(_ loss: Double, after step: Int) -> Bool {
    if let best, !(loss < best.loss) {
      since += 1
      return false
    }
    best = (loss, step)
    since = 0
    return true
  }

  /// What a checkpoint keeps of it.
  var checkpoint: Checkpoint.Validation? {
    guard let before, let best else { return nil }
    return Checkpoint.Validation(
      before: before, best: best.loss, bestStep: best.step, since: since, weights: weights)
  }

  mutating func restore(_ kept: Checkpoint.Validation) {
    before = kept.before
    best = (kept.best, kept.bestStep)
    since = kept.since
    weights = kept.weights
  }
}
