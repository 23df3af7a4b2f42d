import ArgumentParser
import Records
import Workbench

struct Log: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Show the versions that led to one, newest first.",
    discussion: """
      Examples:
        mdata log
        mdata log main -n 5 --json
        mdata log --show-signature
      """)

  @Argument(help: "A branch, tag or commit.")
  var revision: String = "HEAD"

  @Option(
    name: [.customShort("n"), .long], parsing: .unconditional,
    help: ArgumentHelp("At most this many.", valueName: "count"))
  var limit: Int?

  @Flag(help: "Check signatures and show what they say.")
  var showSignature = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      face.console.page()
      let commits = try LogRequest(revision: revision, limit: limit, checksSignatures: showSignature)
        .run(in: face.session)
      if options.json {
        face.console.json(.document("log", [JSONMember("commits", .array(commits.map(\.json)))]))
      } else {
        if commits.isEmpty, limit != 0 {
          face.console.inform("There is no version yet. Next: `mdata commit FILE -m MESSAGE`")
        }
        for commit in commits { CommitLines(commit).print(on: face.console) }
      }
    }
  }
}
