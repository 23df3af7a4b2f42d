import ArgumentParser
import Records
import Workbench

struct Add: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Stage files of pairs for the next commit.",
    discussion: """
      Reads Alpaca JSON, JSONL with Alpaca fields, prompt/completion, OpenAI messages, ShareGPT conversations, CSV \
      and TSV, plain or compressed with gzip or zstd. Each file becomes one batch. A malformed row stops the import \
      with its place and stages nothing.

      Examples:
        mdata add pairs.jsonl
        mdata add answers.csv.gz --map instruction=question --map output=answer --license CC-BY-4.0
        mdata add run-7.jsonl --recipe run-7.yaml --skip-invalid rejected.jsonl
      """)

  @Argument(help: "Files, `https://` addresses, or - for standard input.")
  var files: [String]

  @OptionGroup(title: "How the file is read") var flags: ImportFlags
  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let request = AddRequest(sources: files, provenance: try flags.request())
      let result = try request.run(in: face.session)
      if options.json {
        face.console.json(.document("add", [JSONMember("batches", .array(result.batches.map(\.json)))]))
        return
      }
      for batch in result.batches { BatchLines([batch]).print(on: face.console, verb: "Staged") }
      face.console.inform("Next: `mdata commit -m MESSAGE`")
    }
  }
}
