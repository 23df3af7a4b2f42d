import ArgumentParser
import Workbench

/// How long `train` trains, on which records and how they are written.
struct TrainLengthFlags: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Stop after this many optimiser steps.", valueName: "n"))
  var steps: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Passes over the data.", valueName: "n"))
  var epochs: Int = 1

  @Option(parsing: .unconditional, help: ArgumentHelp("Sequences in a micro-batch.", valueName: "n"))
  var batch: Int = 4

  @Option(parsing: .unconditional, help: ArgumentHelp("Micro-batches in an optimiser step.", valueName: "n"))
  var accumulate: Int = 1

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Longest sequence, in tokens; longer ones are cut.", valueName: "n"))
  var seqLen: Int = 512

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Train on this many records of the version, drawn by the seed.", valueName: "n"))
  var records: Int?

  @Option(
    help: ArgumentHelp(
      "How examples are written: alpaca, chatml, llama-2 or llama-3. (default: the model's own chat template where it is one of these, else alpaca)",
      valueName: "name"))
  var template: String?

  @Option(parsing: .unconditional, help: ArgumentHelp("Seed of the order of the data.", valueName: "n"))
  var seed: UInt64 = 0

  func apply(to request: inout TrainRequest) {
    request.steps = steps
    request.epochs = epochs
    request.batch = batch
    request.accumulate = accumulate
    request.sequenceLength = seqLen
    request.records = records
    request.template = template
    request.seed = seed
  }
}

/// What changes the weights, and by how much.
struct TrainOptimiserFlags: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Highest learning rate. (default: 2e-5, or 2e-4 with --lora)", valueName: "x"))
  var lr: Double?

  @Option(
    help: ArgumentHelp(
      "How the rate falls after it has risen: cosine, linear or constant.", valueName: "name"))
  var schedule: String = "cosine"

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Share of the steps in which the rate rises.", valueName: "x")
  )
  var warmup: Double = 0.03

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Decoupled weight decay, of matrices only.", valueName: "x"))
  var weightDecay: Double = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Largest norm of all gradients together; 0 does not clip.", valueName: "x"))
  var clip: Double = 1

  func apply(to request: inout TrainRequest) {
    request.learningRate = lr
    request.schedule = schedule
    request.warmup = warmup
    request.weightDecay = weightDecay
    request.clip = clip
  }
}

/// How the numbers are computed, and kept in case the training is stopped.
struct TrainComputationFlags: ParsableArguments {
  @Option(
    parsing: .unconditional, help: ArgumentHelp("Threads; the result does not depend on it.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "f32, or bf16: operands of products in bfloat16, twice as fast where the processor multiplies it.",
      valueName: "type"))
  var precision: String = "f32"

  @Flag(
    help: "Compute layers again on the way back instead of keeping them: less memory, more time, same result."
  )
  var recompute = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps between checkpoints; 0 for none. (default: one about every five minutes)", valueName: "n"))
  var checkpointEvery: Int?

  func apply(to request: inout TrainRequest) {
    request.threads = threads
    request.precision = precision
    request.recomputes = recompute
    request.checkpointEvery = checkpointEvery
  }
}

/// A low-rank adapter instead of the whole model.
struct TrainAdapterFlags: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Train a low-rank adapter of this rank beside the frozen model.", valueName: "rank"))
  var lora: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("What it is scaled by, times the rank. (default: twice the rank)", valueName: "x"))
  var loraAlpha: Double?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Share of its inputs that is dropped while training. (default: 0)", valueName: "x"))
  var loraDropout: Double?

  @Option(
    help: ArgumentHelp(
      "The matrices it stands beside, as in q_proj,v_proj. (default: all seven of a block)",
      valueName: "names"))
  var loraModules: String?

  @Flag(help: "Write the whole model with the adapter added to it, instead of the adapter.")
  var mergeAdapter = false

  func check() throws {
    guard lora == nil else { return }
    let given = [
      ("--lora-alpha", loraAlpha != nil), ("--lora-dropout", loraDropout != nil),
      ("--lora-modules", loraModules != nil), ("--merge-adapter", mergeAdapter),
    ]
    if let (name, _) = given.first(where: { $0.1 }) {
      throw ValidationError("'\(name)' is of an adapter: give '--lora RANK' too")
    }
  }

  func apply(to request: inout TrainRequest) {
    guard let lora else { return }
    var adapter = TrainRequest.Adapter(rank: lora)
    adapter.alpha = loraAlpha
    adapter.dropout = loraDropout ?? 0
    adapter.modules = loraModules.map { $0.split(separator: ",").map(String.init) } ?? []
    adapter.isMerged = mergeAdapter
    request.adapter = adapter
  }
}

/// What the model is measured on while it is trained.
struct TrainValidationFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp("A version whose records are measured on and not trained on.", valueName: "rev"))
  var validation: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Steps between two measurements. (default: only before the first step and after the last)",
      valueName: "n"))
  var evalEvery: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Stop after so many measurements without a smaller loss, and write the best weights.", valueName: "n"))
  var patience: Int?

  func check() throws {
    guard validation == nil else { return }
    if evalEvery != nil { throw ValidationError("'--eval-every' measures: give '--validation REV' too") }
    if patience != nil {
      throw ValidationError("'--patience' counts measurements: give '--validation REV' too")
    }
  }

  func apply(to request: inout TrainRequest) {
    guard let validation else { return }
    var heldOut = TrainRequest.Validation(revision: validation)
    heldOut.every = evalEvery
    heldOut.patience = patience
    request.validation = heldOut
  }
}
