import ArgumentParser
import Records
import Workbench

struct Branch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "branch",
    abstract: "List, make or delete branches.",
    discussion: """
      Examples:
        mdata branch
        mdata branch cleaner v1
        mdata branch --delete cleaner
      """)

  @Argument(help: "The branch to make; none lists them.")
  var name: String?

  @Argument(help: "Where it begins.")
  var revision: String = "HEAD"

  @Flag(name: [.customShort("d"), .long], help: "Delete the branch.")
  var delete = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let action: NamesRequest.Action =
        if let name { delete ? .delete(name) : .create(name, at: revision) } else { .list }
      let names = try NamesRequest(.branch, action: action).run(in: face.session)
      if options.json {
        face.console.json(.document("branch", [JSONMember("branches", .array(names.map(\.json)))]))
      } else if let name {
        face.console.inform(delete ? "Deleted branch \(name.escaped())" : "Made branch \(name.escaped())")
      } else {
        for branch in names {
          let line = "\(branch.isCurrent ? "*" : " ") \(branch.name.escaped())"
          face.console.line(line + "  " + face.console.styled(branch.short, .identifier))
        }
      }
    }
  }

  func validate() throws {
    if delete && name == nil { throw ValidationError("'--delete' needs the name of a branch") }
  }
}

extension NamedCommit {
  var json: JSONValue { .object(members) }

  var members: [JSONMember] {
    [
      JSONMember("name", .string(name)), JSONMember("commit", .string(commit)),
      JSONMember("current", .bool(isCurrent)),
    ]
  }
}
