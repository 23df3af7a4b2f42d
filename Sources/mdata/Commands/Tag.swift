import ArgumentParser
import Records
import Workbench

struct Tag: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tag",
    abstract: "List, make or delete tags: names that stay with one version.",
    discussion: """
      With a message the tag is annotated: it says who tagged the version, when and why, and can be signed. Without \
      one it is a name alone.

      Examples:
        mdata tag
        mdata tag v0.9 HEAD~3
        mdata tag v1 -m "As published"
        mdata tag v1.1 --sign -m "As published, with the doses corrected"
      """)

  @Argument(help: "The tag to make; none lists them.")
  var name: String?

  @Argument(help: "The version it names.")
  var revision: String = "HEAD"

  @Option(name: .shortAndLong, help: "Why: makes an annotated tag.")
  var message: String?

  @Flag(name: .shortAndLong, help: "Make an annotated tag; needs a message.")
  var annotate = false

  @Flag(name: .shortAndLong, help: "Sign with the key of git's configuration; needs a message.")
  var sign = false

  @Flag(help: "Do not sign, whatever git's tag.gpgSign says.")
  var noSign = false

  @Flag(name: [.customShort("d"), .long], help: "Delete the tag.")
  var delete = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if delete && name == nil { throw ValidationError("'--delete' needs the name of a tag") }
    let isMaking = message != nil || annotate || sign
    if isMaking && name == nil { throw ValidationError("a message and a signature need the name of a tag") }
    if isMaking && delete { throw ValidationError("'--delete' takes no message and no signature") }
    if (annotate || sign) && message == nil {
      throw ValidationError("'\(sign ? "--sign" : "--annotate")' needs a message: give '-m'")
    }
    if sign && noSign { throw ValidationError("give '--sign' or '--no-sign', not both") }
  }

  func run() throws {
    try Face.run(options) { face in
      let tags = try tags(face)
      if options.json {
        face.console.json(.document("tag", [JSONMember("tags", .array(tags.map(\.tagJSON)))]))
      } else if let name {
        face.console.inform(delete ? "Deleted tag \(name.escaped())" : "Made tag \(name.escaped())")
      } else {
        for tag in tags {
          let reason = tag.tag.map { "  " + $0.message.prefix { !$0.isNewline }.description.escaped() } ?? ""
          face.console.line(tag.name.escaped() + "  " + face.console.styled(tag.short, .identifier) + reason)
        }
      }
    }
  }

  private func tags(_ face: Face) throws -> [NamedCommit] {
    guard let name else { return try NamesRequest(.tag, action: .list).run(in: face.session) }
    if delete { return try NamesRequest(.tag, action: .delete(name)).run(in: face.session) }
    var session = face.session
    if sign { session.signing = .always }
    if noSign { session.signing = .never }
    return try TagRequest(name, at: revision, message: message).run(in: session)
  }
}

extension NamedCommit {
  /// A tag with what its object says; null for a light one.
  fileprivate var tagJSON: JSONValue {
    .object(members + [JSONMember("tag", tag?.json ?? .null)])
  }
}
