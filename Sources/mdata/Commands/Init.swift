import ArgumentParser
import Records
import Workbench

struct Init: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Make a repository for a dataset.",
    discussion: """
      Makes `.mdata/` in the folder. Running it again changes nothing.

      Examples:
        mdata init
        mdata init medical-data
      """)

  @Argument(help: "The folder; made when it does not exist.")
  var folder: String = "."

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let result = try InitRequest(folder: folder).run(in: face.session)
      if options.json {
        face.console.json(
          .document(
            "init",
            [
              JSONMember("repository", .string(result.repository)),
              JSONMember("branch", .string(result.branch)),
              JSONMember("created", .bool(result.created)),
            ]))
      } else if result.created {
        face.console.inform(
          "Made an empty repository in \(result.repository.escaped()) (branch \(result.branch))")
        face.console.inform("Next: `mdata commit FILE -m MESSAGE`")
      } else {
        face.console.inform(
          "There is a repository in \(result.repository.escaped()) already: nothing changed")
      }
    }
  }
}
