import ArgumentParser
import Records
import Workbench

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Finetune a LLaMA model on a version.",
    discussion: """
      Reads and writes Hugging Face model folders. Every record is verified before it is trained on, and the run is \
      recorded with the exact version and model it used: `mdata runs` lists runs, `mdata blame` of a record names the \
      runs that saw it. The loss is taken over the answer only.

      Examples:
        mdata train main --model smollm2 --out finetuned
        mdata train --locked --model smollm2 --out finetuned-slowly --epochs 3 --batch 8 --lr 1e-5
      """)

  @Argument(help: "A branch, tag or commit.")
  var revision: String?

  @Flag(help: "The version that mdata.lock pins, verified.")
  var locked = false

  @Option(help: ArgumentHelp("Folder of the model to begin with.", valueName: "dir"))
  var model: String

  @Option(help: ArgumentHelp("Folder for the finetuned model, and metrics.jsonl.", valueName: "dir"))
  var out: String

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

  @Option(parsing: .unconditional, help: ArgumentHelp("Highest learning rate.", valueName: "x"))
  var lr: Double = 2e-5

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Share of the steps in which the rate rises.", valueName: "x")
  )
  var warmup: Double = 0.03

  @Option(parsing: .unconditional, help: ArgumentHelp("Decoupled weight decay.", valueName: "x"))
  var weightDecay: Double = 0

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Largest norm of all gradients together; 0 does not clip.", valueName: "x"))
  var clip: Double = 1

  @Option(parsing: .unconditional, help: ArgumentHelp("Seed of the order of the data.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Threads; the result does not depend on it.", valueName: "n"))
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "f32, or bf16: operands of products in bfloat16, twice as fast where the processor multiplies it.",
      valueName: "type"))
  var precision: String = "f32"

  @Option(
    help: ArgumentHelp(
      "How examples are written: alpaca, chatml, llama-2 or llama-3. (default: the model's own chat template where it is one of these, else alpaca)",
      valueName: "name"))
  var template: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Train on this many records of the version, drawn by the seed.", valueName: "n"))
  var records: Int?

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if locked == (revision != nil) { throw ValidationError("give either a version or '--locked'") }
  }

  func run() throws {
    try Face.run(options) { face in
      var request = TrainRequest(
        version: revision.map { .revision($0) } ?? .locked, model: model, output: out)
      request.steps = steps
      request.epochs = epochs
      request.batch = batch
      request.accumulate = accumulate
      request.sequenceLength = seqLen
      request.learningRate = lr
      request.warmup = warmup
      request.weightDecay = weightDecay
      request.clip = clip
      request.seed = seed
      request.threads = threads
      request.precision = precision
      request.template = template
      request.records = records
      let page = TrainPage(console: face.console)
      let result = try request.run(in: face.session, report: page.report)
      page.finish()
      if options.json {
        face.console.json(.document("train", RunDocument.members(result.run)))
      } else {
        page.summary(result)
      }
    }
  }
}
