import ArgumentParser
import Records
import Workbench

struct VerifyCommit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify-commit",
    abstract: "Check that versions are signed by somebody who is known.",
    discussion: """
      Who is known is said by gpg's keyring or, for SSH keys, by the file of git's gpg.ssh.allowedSignersFile. Ends \
      with 1 unless every signature is good.

      Examples:
        mdata verify-commit
        mdata verify-commit v1 main --json
      """)

  @Argument(help: "Branches, tags or commits.")
  var revisions: [String] = ["HEAD"]

  @OptionGroup var options: GlobalOptions

  func run() throws {
    var isGood = true
    try Face.run(options) { face in
      let found = try VerifyCommitRequest(revisions: revisions).run(in: face.session)
      if options.json {
        face.console.json(.document("verify-commit", [JSONMember("commits", .array(found.map(\.json)))]))
      } else {
        for commit in found {
          face.console.line(face.console.styled(commit.short, .identifier))
          SignatureLines(commit.signature).print(on: face.console)
        }
      }
      isGood = found.allSatisfy { $0.signature.state == .good }
    }
    if !isGood { throw ExitCode(1) }
  }
}

extension VerifiedCommit {
  var json: JSONValue {
    .object([JSONMember("commit", .string(commit)), JSONMember("signature", signature.json)])
  }
}
