import ArgumentParser
import Records
import Workbench

struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List training runs and the versions they saw.",
    discussion: """
      Examples:
        mdata runs
        mdata runs --version v1 --json
        mdata runs 4f2c9e01
      """)

  @Argument(help: ArgumentHelp("One run, to show all of it.", valueName: "run"))
  var id: String?

  @Option(help: ArgumentHelp("Only runs on this version.", valueName: "rev"))
  var version: String?

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let runs = try RunsRequest(run: id, revision: version).run(in: face.session)
      if options.json {
        let values = runs.map { JSONValue.object(RunDocument.members($0)) }
        face.console.json(.document("runs", [JSONMember("runs", .array(values))]))
        return
      }
      if runs.isEmpty {
        face.console.inform(
          "No runs\(version.map { " on \($0.escaped())" } ?? "") yet. Next: `mdata train REV --model DIR --out DIR`"
        )
      }
      for summary in runs { RunLines(summary, isLong: id != nil).print(on: face.console) }
    }
  }
}
