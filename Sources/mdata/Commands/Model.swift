import ArgumentParser
import Records
import Workbench

struct Model: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Look at a model, write it in another format, or make one to try things out with.",
    discussion: """
      Examples:
        mdata model new tiny
        mdata model info smollm2
        mdata model convert smollm2 smollm2.gguf
      """,
    subcommands: [Info.self, Convert.self, New.self])

  struct New: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "new",
      abstract: "Make a tiny untrained LLaMA in a folder, in Hugging Face's format.",
      discussion: """
        The same seed makes the same bytes. It knows nothing: it is there to see training work in seconds.

        Examples:
          mdata model new tiny
          mdata model new tiny-7 --seed 7
        """)

    @Argument(help: "The folder.")
    var folder: String

    @Option(parsing: .unconditional, help: ArgumentHelp("Seed of the weights.", valueName: "n"))
    var seed: UInt64 = 0

    @OptionGroup var options: GlobalOptions

    func run() throws {
      try Face.run(options) { face in
        let result = try ModelRequest(folder: folder, seed: seed).run(in: face.session)
        if options.json {
          face.console.json(
            .document(
              "model",
              [
                JSONMember("folder", .string(folder)), JSONMember("parameters", .int(result.parameters)),
                JSONMember("digest", .string(result.digest)),
              ]))
        } else {
          face.console.inform(
            "Made a LLaMA of \(result.parameters.grouped) parameters in \(folder.escaped())")
        }
      }
    }
  }
}
