import ArgumentParser
import Records
import Workbench

struct Sample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample",
    abstract: "Let a model answer a prompt, or a file of prompts.",
    discussion: """
      Reads Hugging Face folders and GGUF files; weights stay as they are stored. The prompt is written as `mdata train` \
      writes an instruction, in the model's own template. The same seed gives the same text, on any number of threads and \
      in any batch.

      Examples:
        mdata sample --model smollm2 -p "Name one cause of fever." -n 64
        mdata sample --model smollm2 -p "Once upon a time" --raw --greedy -n 16
        mdata sample --model smollm2 --input first.jsonl --out answers.jsonl -n 16
      """)

  @Option(help: ArgumentHelp("The model: a Hugging Face folder or a GGUF file.", valueName: "path"))
  var model: String

  @Option(
    name: .shortAndLong, parsing: .unconditional,
    help: ArgumentHelp("The prompt; `-` reads it from standard input.", valueName: "text"))
  var prompt: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Prompts, a JSON object a line: `instruction`, perhaps `input` and `system`, or `prompt`. `-` is standard input.",
      valueName: "file"))
  var input: String?

  @Option(help: ArgumentHelp("File for the answers to --input, a line each.", valueName: "file"))
  var out: String?

  @Option(
    name: .customShort("n"), parsing: .unconditional,
    help: ArgumentHelp("Most tokens of an answer.", valueName: "tokens"))
  var tokens: Int = 256

  @Flag(help: "Always take the likeliest token.")
  var greedy = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Below 1 the likely becomes likelier; 0 is --greedy.", valueName: "x"))
  var temperature: Double = 0.8

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Draw from this many likeliest tokens; 0 for all.", valueName: "n"))
  var topK: Int = 40

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Draw from the likeliest tokens that reach this probability; 1 for all.", valueName: "x"))
  var topP: Double = 0.95

  @Option(parsing: .unconditional, help: ArgumentHelp("Seed of the draws.", valueName: "n"))
  var seed: UInt64 = 0

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("End an answer before this text; may be given again.", valueName: "text"))
  var stop: [String] = []

  @Option(
    help: ArgumentHelp(
      "How prompts are written: alpaca, chatml, llama-2, llama-3, or none. (default: the model's own chat template where it is one of these, else alpaca)",
      valueName: "name"))
  var template: String?

  @Flag(help: "The same as --template none: go on from the text as it is.")
  var raw = false

  @Option(
    parsing: .unconditional, help: ArgumentHelp("System message of prompts without one.", valueName: "text"))
  var system: String?

  @Option(
    help: ArgumentHelp("Folder of a LoRA adapter in PEFT's format, beside the model.", valueName: "dir"))
  var adapter: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Prompts of --input answered together; no answer depends on it.", valueName: "n"))
  var batch: Int = 8

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Threads; no answer depends on it.", valueName: "n"))
  var threads: Int?

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if (prompt == nil) == (input == nil) { throw ValidationError("give either '--prompt' or '--input'") }
    if out != nil, input == nil { throw ValidationError("'--out' is for the answers to '--input'") }
    if raw, template != nil, template != SampleRequest.noTemplate {
      throw ValidationError("'--raw' and '--template' contradict each other")
    }
    if options.json, input != nil, out == nil {
      throw ValidationError("'--json' with '--input' needs '--out' for the answers")
    }
  }

  func run() throws {
    try Face.run(options) { face in
      let page = SamplePage(console: face.console)
      let result = try request.run(in: face.session, report: page.report)
      page.finish(result)
      if options.json { face.console.json(result.json) }
    }
  }

  private var request: SampleRequest {
    var request = SampleRequest(
      model: model, prompts: input.map { .file($0, output: out) } ?? .text(prompt ?? ""))
    request.adapter = adapter
    request.template = raw ? SampleRequest.noTemplate : template
    request.system = system
    request.tokens = tokens
    request.temperature = greedy ? 0 : temperature
    request.topK = topK
    request.topP = topP
    request.seed = seed
    request.stops = stop
    request.batch = batch
    request.threads = threads
    return request
  }
}

extension SampleResult {
  fileprivate var json: JSONValue {
    var members = [
      JSONMember("model", .string(model)), JSONMember("template", .string(template)),
      JSONMember("prompts", .int(prompts)), JSONMember("prompt_tokens", .int(promptTokens)),
      JSONMember("output_tokens", .int(outputTokens)),
    ]
    if let answer {
      members += [
        JSONMember("prompt", .string(answer.prompt)), JSONMember("output", .string(answer.text)),
        JSONMember("finish", .string(answer.finish)),
      ]
    }
    if let output { members.append(JSONMember("file", .string(output))) }
    return .document("sample", members)
  }
}
