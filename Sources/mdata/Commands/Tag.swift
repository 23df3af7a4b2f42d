import ArgumentParser
import Records
import Workbench

struct Tag: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "List, make or delete tags: names that stay with one version.",
    discussion: """
      Examples:
        mdata tag
        mdata tag v1
        mdata tag v0.9 HEAD~3
      """)

  @Argument(help: "The tag to make; none lists them.")
  var name: String?

  @Argument(help: "The version it names.")
  var revision: String = "HEAD"

  @Flag(name: [.customShort("d"), .long], help: "Delete the tag.")
  var delete = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if delete && name == nil { throw ValidationError("'--delete' needs the name of a tag") }
  }

  func run() throws {
    try Face.run(options) { face in
      let action: NamesRequest.Action =
        if let name { delete ? .delete(name) : .create(name, at: revision) } else { .list }
      let names = try NamesRequest(.tag, action: action).run(in: face.session)
      if options.json {
        face.console.json(.document("tag", [JSONMember("tags", .array(names.map(\.json)))]))
      } else if let name {
        face.console.inform(delete ? "Deleted tag \(name.escaped())" : "Made tag \(name.escaped())")
      } else {
        for tag in names {
          face.console.line(tag.name.escaped() + "  " + face.console.styled(tag.short, .identifier))
        }
      }
    }
  }
}
