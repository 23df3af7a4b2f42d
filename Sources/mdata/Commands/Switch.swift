import ArgumentParser
import Records
import Workbench

struct Switch: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "switch",
    abstract: "Go to another branch: the next commits go there.",
    discussion: """
      What is staged stays staged.

      Examples:
        mdata switch --create cleaner
        mdata switch main
      """)

  @Argument(help: "The branch.")
  var branch: String

  @Flag(name: [.customShort("c"), .long], help: "Make the branch first.")
  var create = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let result = try SwitchRequest(branch: branch, create: create).run(in: face.session)
      if options.json {
        face.console.json(
          .document(
            "switch",
            [
              JSONMember("branch", .string(result.name)), JSONMember("commit", .string(result.commit)),
            ]))
      } else {
        face.console.inform(
          "On branch \(result.name.escaped()), at \(face.console.styled(result.short, .identifier))")
      }
    }
  }
}
