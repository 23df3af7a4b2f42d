import ArgumentParser
import Records
import Workbench

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Finetune a LLaMA model on a version.",
    discussion: """
      Reads Hugging Face folders and GGUF files and writes a folder; an adapter is written as PEFT's two files. Every record is verified \
      before it is trained on, and the run is recorded with the exact version and model it used: `mdata runs` lists runs, \
      `mdata blame` of a record names the runs that saw it. The loss is taken over the answer only. Examples are laid \
      end to end without padding, and none sees another.

      A training that was stopped is gone on with by the same command and `--resume`, from its last checkpoint in the \
      output's folder; the result is the same, bit for bit.

      Examples:
        mdata train main --model smollm2 --out finetuned
        mdata train --locked --model smollm2 --out finetuned-slowly --epochs 3 --batch 8 --lr 1e-5
        mdata train main --model smollm2 --out adapter --lora 16 --precision bf16 --recompute
        mdata train main --model smollm2 --out best --validation held-out --eval-every 50 --patience 3
      """)

  @Argument(help: "A branch, tag or commit.")
  var revision: String?

  @Flag(help: "The version that mdata.lock pins, verified.")
  var locked = false

  @Option(
    help: ArgumentHelp("The model to begin with: a Hugging Face folder or a GGUF file.", valueName: "path"))
  var model: String

  @Option(help: ArgumentHelp("Folder for the finetuned model, and metrics.jsonl.", valueName: "dir"))
  var out: String

  @Flag(help: "Go on with the training that was stopped in this folder, if there is one.")
  var resume = false

  @Flag(help: "Say what would be trained, and the memory it would take; train nothing.")
  var dryRun = false

  @OptionGroup(title: "Length and data") var length: TrainLengthFlags
  @OptionGroup(title: "Optimiser") var optimiser: TrainOptimiserFlags
  @OptionGroup(title: "Computation") var computation: TrainComputationFlags
  @OptionGroup(title: "Adapter") var adapter: TrainAdapterFlags
  @OptionGroup(title: "Held-out records") var validation: TrainValidationFlags

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if locked == (revision != nil) { throw ValidationError("give either a version or '--locked'") }
    try adapter.check()
    try validation.check()
  }

  func run() throws {
    try Face.run(options) { face in
      let request = self.request
      let page = TrainPage(console: face.console)
      if dryRun { return page.plan(try request.plan(in: face.session)) }
      let result = try request.run(in: face.session, report: page.report)
      page.finish()
      if options.json {
        face.console.json(.document("train", RunDocument.members(result.run)))
      } else {
        page.summary(result)
      }
    }
  }

  private var request: TrainRequest {
    var request = TrainRequest(
      version: revision.map { .revision($0) } ?? .locked, model: model, output: out)
    request.resumes = resume
    length.apply(to: &request)
    optimiser.apply(to: &request)
    computation.apply(to: &request)
    adapter.apply(to: &request)
    validation.apply(to: &request)
    return request
  }
}
