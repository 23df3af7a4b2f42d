import ArgumentParser
import Workbench

struct Conflicts: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conflicts",
    abstract: "List the conflicts of the merge that waits for decisions.",
    discussion: """
      Examples:
        mdata conflicts
        mdata conflicts --json
      """)

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let result = try ConflictsRequest().run(in: face.session)
      options.json
        ? face.console.json(result.json(of: "conflicts")) : ConflictPage(console: face.console).list(result)
    }
  }
}
