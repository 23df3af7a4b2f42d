import ArgumentParser
import Records
import Workbench

struct Pin: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pin",
    abstract: "Pin a version in mdata.lock, for a code repository to keep.",
    discussion: """
      Records the commit, the snapshot, the counts and the digest of the exported file. `mdata checkout --locked` and \
      `mdata train --locked` use it and refuse anything that does not match.

      With --merge it is a merge driver for git: it takes the pin that follows the other one, or the current branch \
      when that follows both. In .gitattributes: mdata.lock merge=mdata, and once in each clone: \
      git config merge.mdata.driver 'mdata pin --merge %A %B'

      Examples:
        mdata pin
        mdata pin v1
      """)

  @Argument(help: "A branch, tag or commit.")
  var revision: String = "HEAD"

  @Option(help: ArgumentHelp("Format of the pinned file; by default the first batch's.", valueName: "format"))
  var format: String?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Merge two versions of mdata.lock into the first.", valueName: "file"))
  var merge: [String] = []

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if !merge.isEmpty, merge.count != 2 || format != nil {
      throw ValidationError("'--merge' takes two files: ours, which becomes the result, and theirs")
    }
  }

  func run() throws {
    try Face.run(options) { face in
      let result =
        merge.isEmpty
        ? try PinRequest(revision: revision, format: format).run(in: face.session)
        : try PinMergeRequest(ours: merge[0], theirs: merge[1]).run(in: face.session)
      if options.json {
        face.console.json(
          .document(
            "pin",
            [
              JSONMember("commit", .string(result.commit.commit)),
              JSONMember("snapshot", .string(result.commit.snapshot)),
              JSONMember("records", .int(result.commit.records)),
              JSONMember("sha256", .string(result.sha256)),
              JSONMember("file", .string(result.file)),
            ]))
      } else {
        face.console.inform(
          "Pinned \(face.console.styled(result.commit.short, .identifier)) (\(result.commit.records.of("record"))) in \(result.file.escaped())"
        )
        if !merge.isEmpty { return }
        face.console.inform(
          "Next: `mdata checkout --locked -o FILE` or `mdata train --locked --model DIR --out DIR`")
      }
    }
  }
}
