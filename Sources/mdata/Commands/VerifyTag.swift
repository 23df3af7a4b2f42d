import ArgumentParser
import Records
import Workbench

struct VerifyTag: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify-tag",
    abstract: "Check that tags are signed by somebody who is known.",
    discussion: """
      Who is known is said by gpg's keyring or, for SSH keys, by the file of git's gpg.ssh.allowedSignersFile. Ends \
      with 1 unless every signature is good; a tag that was signed under another name is not.

      Examples:
        mdata verify-tag v1
        mdata verify-tag v1 v2 --json
      """)

  @Argument(help: "Names of tags.")
  var names: [String]

  @OptionGroup var options: GlobalOptions

  func run() throws {
    var isGood = true
    try Face.run(options) { face in
      let found = try VerifyTagRequest(names: names).run(in: face.session)
      if options.json {
        face.console.json(.document("verify-tag", [JSONMember("tags", .array(found.map(\.json)))]))
      } else {
        for tag in found {
          face.console.line("tag \(face.console.styled(tag.name.escaped(), .edited))")
          SignatureLines(tag.signature).print(on: face.console)
        }
      }
      isGood = found.allSatisfy { $0.signature.state == .good }
    }
    if !isGood { throw ExitCode(1) }
  }
}

extension VerifiedTag {
  var json: JSONValue {
    .object([
      JSONMember("name", .string(name)), JSONMember("object", .optional(object)),
      JSONMember("commit", .string(commit)), JSONMember("signature", signature.json),
    ])
  }
}
