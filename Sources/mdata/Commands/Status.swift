import ArgumentParser
import Records
import Workbench

struct Status: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show the branch, the version it points at and what is staged.",
    discussion: """
      Examples:
        mdata status
        mdata status --json
      """)

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let result = try StatusRequest().run(in: face.session)
      options.json ? face.console.json(document(result)) : print(result, on: face.console)
    }
  }

  private func document(_ result: StatusResult) -> JSONValue {
    .document(
      "status",
      [
        JSONMember("branch", .string(result.branch)), JSONMember("commit", .optional(result.head?.commit)),
        JSONMember("snapshot", .optional(result.head?.snapshot)),
        JSONMember("records", .int(result.head?.records ?? 0)),
        JSONMember("staged", .array(result.staged.map(\.json))),
        JSONMember(
          "merge",
          result.merge.map { merge in
            .object([
              JSONMember("verb", .string(merge.verb)), JSONMember("name", .string(merge.name)),
              JSONMember("theirs", .string(merge.theirs)),
              JSONMember("decided", .int(merge.decided)),
            ])
          } ?? .null),
      ])
  }

  private func print(_ result: StatusResult, on console: Console) {
    if let head = result.head {
      console.line(
        "On branch \(result.branch.escaped()), at \(console.styled(head.short, .identifier)) with \(head.records.of("record"))"
      )
    } else {
      console.line("On branch \(result.branch.escaped()), which has no commit yet")
    }
    if let merge = result.merge {
      console.line(
        "The \(merge.verb) of \(merge.name.escaped()) waits for decisions; \(merge.decided.grouped) made")
      console.inform("Next: `mdata conflicts`, `mdata resolve`, then `mdata merge --continue`")
    }
    if result.staged.isEmpty {
      console.inform(result.head == nil ? "Next: `mdata commit FILE -m MESSAGE`" : "Nothing is staged")
      return
    }
    console.line("Staged for the next commit:")
    for batch in result.staged {
      console.line(
        "  \(console.styled(batch.batch, .identifier))  \(batch.rows.of("pair"))  \(batch.name.escaped())")
    }
    console.inform("Next: `mdata commit -m MESSAGE`")
  }
}
