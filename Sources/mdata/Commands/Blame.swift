import ArgumentParser
import Records
import Workbench

struct Blame: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blame",
    abstract: "Ask where a record came from and what used it.",
    discussion: """
      Answers from the record's own origin: the file and line or the seeds, prompt, teacher and scores; the commits \
      that added and edited it; the training runs that saw it.

      Examples:
        mdata blame 3fa9c1e2:42
        mdata blame 3fa9c1e2:42 --json
      """)

  @Argument(help: "A record id, as diff and blame print it.")
  var record: String

  @Argument(help: "The version to look in.")
  var revision: String = "HEAD"

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let result = try BlameRequest(record: record, revision: revision).run(in: face.session)
      options.json ? face.console.json(document(result)) : BlamePage(result).print(on: face.console)
    }
  }

  private func document(_ result: BlameResult) -> JSONValue {
    .document(
      "blame",
      [
        JSONMember("record", .string(result.record)), JSONMember("pair", .optional(result.pair)),
        JSONMember(
          "batch",
          .object([
            JSONMember("id", .string(result.batch.batch)), JSONMember("name", .optional(result.batch.name)),
            JSONMember("rows", .int(result.batch.rows)),
          ])),
        JSONMember("row", result.row ?? .null),
        JSONMember("origin", result.origin.json),
        JSONMember("edit", result.edit.map(\.json) ?? .null),
        JSONMember(
          "commits",
          .array(
            result.commits.map { change in
              .object([
                JSONMember("commit", .string(change.commit)),
                JSONMember("change", .string(change.kind.rawValue)),
                JSONMember("message", .string(change.message)), JSONMember("author", .string(change.author)),
                JSONMember("time", .string(change.time)),
              ])
            })),
        JSONMember("decisions", .array(result.decisions.map(\.json))),
        JSONMember(
          "runs",
          .array(
            result.runs.map { run in
              .object([
                JSONMember("run", .string(run.run)), JSONMember("commit", .string(run.commit)),
                JSONMember("model", .string(run.model)), JSONMember("time", .string(run.time)),
              ])
            })),
      ])
  }
}
