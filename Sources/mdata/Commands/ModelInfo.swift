import ArgumentParser
import Workbench

extension Model {
  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "info",
      abstract: "Say what a model is: its numbers, tokenizer, and what its tensors are stored as.",
      discussion: """
        Reads Hugging Face folders (config.json, safetensors) and GGUF files; weights are not read, so the largest takes \
        no longer than the smallest.

        Examples:
          mdata model info smollm2
          mdata model info smollm2 --tensors
          mdata model info smollm2 --json
        """)

    @Argument(help: "A Hugging Face folder or a GGUF file.")
    var path: String

    @Flag(help: "List every tensor.")
    var tensors = false

    @OptionGroup var options: GlobalOptions

    func run() throws {
      try Face.run(options) { face in
        let info = try ModelInfoRequest(path: path).run(in: face.session)
        if options.json { return face.console.json(info.json) }
        face.console.page()
        ModelInfoPage(console: face.console).print(info, tensors: tensors)
      }
    }
  }
}
