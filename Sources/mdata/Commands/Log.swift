import ArgumentParser
import Records
import Workbench

struct Log: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Show the versions that led to one, newest first.",
    discussion: """
      A..B are the versions that led to B and not to A, A...B those that led to one of them only. With --record only \
      those that added, edited or removed that record, with what they changed; without a version, on every branch. With \
      --dropped only those that left records out by a rule, with each record, its rule and what it is too much like.

      Examples:
        mdata log
        mdata log main -n 5 --json
        mdata log --show-signature
        mdata log v1..main
        mdata log --record 3fa9c1e2:42
        mdata log --dropped -n 1
      """)

  @Argument(help: "A branch, tag or commit, or two as A..B or A...B. (default: HEAD)")
  var revision: String?

  @Option(
    name: [.customShort("n"), .long], parsing: .unconditional,
    help: ArgumentHelp("At most this many.", valueName: "count"))
  var limit: Int?

  @Flag(help: "Check signatures and show what they say.")
  var showSignature = false

  @Option(help: ArgumentHelp("Only the versions that changed this record.", valueName: "record"))
  var record: String?

  @Flag(help: "Only the versions that left records out, with those records.")
  var dropped = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if dropped, record != nil || showSignature {
      throw ValidationError("'--dropped' does not go with '--record' or '--show-signature'")
    }
  }

  func run() throws {
    try Face.run(options) { face in
      face.console.page()
      if let record { return try print(record, face) }
      if dropped { return try printDropped(face) }
      let commits = try LogRequest(
        revision: revision ?? "HEAD", limit: limit, checksSignatures: showSignature
      ).run(in: face.session)
      if options.json {
        face.console.json(.document("log", [JSONMember("commits", .array(commits.map(\.json)))]))
      } else {
        if commits.isEmpty, limit != 0 {
          face.console.inform(
            revision == nil
              ? "There is no version yet. Next: `mdata commit FILE -m MESSAGE`" : "No versions")
        }
        for commit in commits { CommitLines(commit).print(on: face.console) }
      }
    }
  }

  /// Records of one version that are printed; `--json` has all.
  private static let shown = 20

  private func printDropped(_ face: Face) throws {
    let steps = try DroppedLogRequest(revision: revision ?? "HEAD", limit: limit).run(in: face.session)
    if options.json {
      return face.console.json(
        .document(
          "log",
          [
            JSONMember(
              "commits",
              .array(
                steps.map { step in
                  .object(
                    step.commit.members + [JSONMember("dropped", .array(step.dropped.map(\.droppedJSON)))])
                }))
          ]))
    }
    if steps.isEmpty { face.console.inform("No version there left records out by a rule") }
    for step in steps {
      CommitLines(step.commit).print(on: face.console)
      for drop in step.dropped.prefix(Self.shown) {
        let score = drop.score.map { " \(($0 * 1000).rounded() / 1000)" } ?? ""
        let other = drop.other.map { " like " + face.console.styled($0, .identifier) } ?? ""
        face.console.line(
          "    " + face.console.styled("-", .removed) + " " + face.console.styled(drop.record, .identifier)
            + "  \(drop.rule)\(score)\(other)")
      }
      let more = step.dropped.count - Self.shown
      if more > 0 { face.console.line(face.console.styled("      … and \(more.grouped) more", .faint)) }
      face.console.line()
    }
  }

  private func print(_ record: String, _ face: Face) throws {
    let log = try RecordLogRequest(
      record: record, revision: revision, limit: limit, checksSignatures: showSignature
    ).run(in: face.session)
    if options.json { return face.console.json(log.json) }
    if log.steps.isEmpty { face.console.inform("No version there changed the record") }
    let page = DiffPage(console: face.console)
    for step in log.steps {
      CommitLines(step.commit).print(on: face.console)
      page.add(step.change)
      face.console.line()
    }
  }
}

extension RecordLog {
  fileprivate var json: JSONValue {
    .document(
      "log",
      [
        JSONMember("record", .string(record)),
        JSONMember(
          "commits",
          .array(
            steps.map { step in
              .object(step.commit.members + [JSONMember("change", step.change.json)])
            })),
      ])
  }
}

extension RecordChange {
  /// As an element of `records` of `diff --json`.
  fileprivate var json: JSONValue { (try? JSON.parse(DiffDocument.bytes(of: self))) ?? .null }
}

extension DecisionSummary {
  /// As an element of `dropped` of `log --dropped --json`.
  fileprivate var droppedJSON: JSONValue {
    .object([
      JSONMember("record", .string(record)), JSONMember("rule", .string(rule)),
      JSONMember("other", .optional(other)), JSONMember("score", score.map { .number($0) } ?? .null),
    ])
  }
}
