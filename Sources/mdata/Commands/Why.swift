import ArgumentParser
import Records
import Workbench

struct Why: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: "Ask why a version has a record, or has it no longer.",
    discussion: """
      Names the change that decided it: who added it, or which filter, deduplication, merge or other commit removed it, by \
      which rule, and what differs from the record that stayed in its place.

      Examples:
        mdata why 3fa9c1e2:42
        mdata why 3fa9c1e2:42 v1 --json
      """)

  @Argument(help: "A record id, as diff and blame print it.")
  var record: String

  @Argument(help: "The version.")
  var revision: String = "HEAD"

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let result = try WhyRequest(record: record, revision: revision).run(in: face.session)
      options.json ? face.console.json(result.json) : WhyPage(console: face.console).print(result)
    }
  }
}
