import ArgumentParser
import Records
import Workbench

extension Model {
  struct Convert: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "convert",
      abstract: "Write a model in another format or element type.",
      discussion: """
        Reads and writes Hugging Face folders, which transformers loads, and GGUF files, which llama.cpp loads. Weights \
        stored in blocks (Q4_K, Q8_0, …) are unpacked; q8_0 is written to GGUF files only. The tokenizer goes along; \
        between the two formats it must be byte-level BPE.

        Examples:
          mdata model convert smollm2 smollm2.gguf
          mdata model convert smollm2 small.gguf --type q8_0
          mdata model convert smollm2.gguf again --type bf16 --json
        """)

    @Argument(help: "The model: a Hugging Face folder or a GGUF file.")
    var input: String

    @Argument(help: "Where to: a new folder, or a new file whose name ends in .gguf.")
    var output: String

    @Option(
      help: ArgumentHelp(
        "f32, f16, bf16 or q8_0. By default the type that most weights have, or f32 where that cannot be written.",
        valueName: "type"))
    var type: String?

    @OptionGroup var options: GlobalOptions

    func run() throws {
      try Face.run(options) { face in
        let result = try ModelConvertRequest(source: input, target: output, type: try weightType())
          .run(in: face.session)
        if options.json { return face.console.json(result.json) }
        face.console.inform(
          "Wrote \(result.target.escaped()): \(result.parameters.grouped) parameters as \(result.type.rawValue), \(result.bytes.grouped) bytes"
        )
      }
    }

    private func weightType() throws -> ModelConvertRequest.WeightType? {
      guard let type else { return nil }
      guard let known = ModelConvertRequest.WeightType(rawValue: type) else {
        throw Failure(
          .usage, "there is no weight type `\(type)`", hint: "give `--type` f32, f16, bf16 or q8_0")
      }
      return known
    }
  }
}

extension ModelConvertResult {
  fileprivate var json: JSONValue {
    .document(
      "model-convert",
      [
        JSONMember("source", .string(source)), JSONMember("target", .string(target)),
        JSONMember("format", .string(isFile ? "gguf" : "folder")), JSONMember("type", .string(type.rawValue)),
        JSONMember("parameters", .int(parameters)), JSONMember("bytes", .int(bytes)),
      ])
  }
}
