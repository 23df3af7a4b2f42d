import ArgumentParser
import Records
import Workbench

struct Runs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List training runs, show one, or compare some.",
    discussion: """
      Without a verb of its own it lists runs, oldest first, with the versions they saw.

      Examples:
        mdata runs
        mdata runs --version v1 --json
        mdata runs --record 3fa9c1e2:42
        mdata runs show 4f2c9e01
      """,
    subcommands: [RunList.self, RunShow.self, RunCompare.self], defaultSubcommand: RunList.self)
}

struct RunList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List training runs and the versions they saw, oldest first. This is what `mdata runs` does.",
    discussion: """
      Examples:
        mdata runs list
        mdata runs list --version v1 --json
      """)

  @Option(help: ArgumentHelp("Only runs on this version.", valueName: "rev"))
  var version: String?

  @Option(help: ArgumentHelp("Only runs that saw this record.", valueName: "record"))
  var record: String?

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let runs = try RunsRequest(revision: version, record: record).run(in: face.session)
      if options.json {
        let values = runs.map { JSONValue.object(RunDocument.members($0)) }
        face.console.json(.document("runs", [JSONMember("runs", .array(values))]))
        return
      }
      if runs.isEmpty { face.console.inform(nothing) }
      for summary in runs { RunLines(summary).print(on: face.console) }
    }
  }

  private var nothing: String {
    if let record { return "No run saw \(record.escaped())" }
    return
      "No runs\(version.map { " on \($0.escaped())" } ?? "") yet. Next: `mdata train REV --model DIR --out DIR`"
  }
}
