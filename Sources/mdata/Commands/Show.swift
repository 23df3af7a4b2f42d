import ArgumentParser
import Records
import Workbench

struct Show: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one version: who made it, what it holds, what it changed.",
    discussion: """
      Of an annotated tag its message and its tagger come first.

      Examples:
        mdata show
        mdata show v1 --json
        mdata show v1 --show-signature
      """)

  @Argument(help: "A branch, tag or commit.")
  var revision: String = "HEAD"

  @Flag(help: "Check signatures and show what they say.")
  var showSignature = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let result = try ShowRequest(revision: revision, checksSignatures: showSignature).run(in: face.session)
      options.json ? face.console.json(document(result)) : print(result, on: face.console)
    }
  }

  private func document(_ result: ShowResult) -> JSONValue {
    .document(
      "show",
      result.commit.members + [
        JSONMember("tag", result.tag?.json ?? .null),
        JSONMember("added", .int(result.counts.added)), JSONMember("edited", .int(result.counts.edited)),
        JSONMember("removed", .int(result.counts.removed)),
        JSONMember(
          "batches",
          .array(
            result.batches.map { batch in
              .object([
                JSONMember("batch", .string(batch.batch)), JSONMember("name", .optional(batch.name)),
                JSONMember("rows", .int(batch.rows)), JSONMember("license", .optional(batch.license)),
                JSONMember("teacher", .optional(batch.teacher)),
              ])
            })),
      ])
  }

  private func print(_ result: ShowResult, on console: Console) {
    if let tag = result.tag { TagLines(tag).print(on: console) }
    CommitLines(result.commit).print(on: console)
    console.line("snapshot  \(result.commit.snapshot)")
    console.line("changed   \(console.counts(result.counts))")
    console.line("batches   \(result.batches.count)")
    for batch in result.batches {
      let facts = [batch.name, batch.teacher.map { "teacher \($0)" }, batch.license].compactMap {
        $0?.escaped()
      }
      console.line(
        "  \(console.styled(batch.batch, .identifier))  \(batch.rows.of("row"))  \(facts.joined(separator: ", "))"
      )
    }
  }
}
