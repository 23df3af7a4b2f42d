import ArgumentParser
import Workbench

struct Resolve: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "Decide conflicts of a merge, one by one or many at once.",
    discussion: """
      On a terminal and without flags it goes through the open conflicts, shows both sides with where they came from, \
      and asks. With flags it decides one record, or with --all every open conflict.

      Examples:
        mdata resolve 3fa9c1e2:42 --theirs
        mdata resolve 3fa9c1e2:42 --reopen
        mdata resolve --all --best-score
      """)

  @Argument(help: "The record in conflict.")
  var record: String?

  @Flag(help: "Every open conflict.")
  var all = false

  @Option(help: ArgumentHelp("With --all: only conflicts of this kind.", valueName: "kind"))
  var kind: String?

  @OptionGroup(title: "How it is decided") var decision: DecisionFlags

  @Flag(help: "Write the row in an editor.")
  var edit = false

  @Option(
    help: ArgumentHelp("Take the row from a file: one JSON object; `-` is standard input.", valueName: "file")
  )
  var row: String?

  @Flag(help: "Take a decision back.")
  var reopen = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    let ways = [decision.policy != nil, edit, row != nil, reopen].filter { $0 }.count
    if ways > 1 { throw ValidationError("one way to decide at a time") }
    if ways == 0, record != nil || all {
      throw ValidationError(
        "say how: '--ours', '--theirs', '--both', '--newest', '--best-score', '--edit' or '--row'")
    }
    if record != nil, all { throw ValidationError("give a record or '--all'") }
    if ways > 0, record == nil, !all {
      throw ValidationError("give a record, or '--all' for every open conflict")
    }
    if all, edit || row != nil { throw ValidationError("one row cannot decide several conflicts") }
    if kind != nil, !all { throw ValidationError("'--kind' belongs to '--all'") }
    if let kind, MergeOutcome(rawValue: kind)?.isConflict != true {
      throw ValidationError("'--kind \(kind)' is not one of \(DecisionFlags.kinds)")
    }
  }

  func run() throws {
    try Face.run(options) { face in
      guard record != nil || all else { return try ConflictDialogue(face).run() }
      let result = try decide(face)
      options.json
        ? face.console.json(result.json(of: "resolve")) : ConflictPage(console: face.console).list(result)
    }
  }

  private func decide(_ face: Face) throws -> ConflictsResult {
    let outcomes = kind.flatMap { MergeOutcome(rawValue: $0) }.map { [$0] } ?? MergeOutcome.allCases
    let which = record.map(ResolveRequest.Which.record) ?? .open(outcomes)
    func decide(_ how: ResolveRequest.How) throws -> ConflictsResult {
      try ResolveRequest(which, how: how).run(in: face.session)
    }
    if let policy = decision.policy { return try decide(.policy(policy)) }
    if let row { return try decide(.rowFile(row)) }
    guard edit, let record else { return try decide(.reopen) }
    let conflict = try ConflictsRequest().conflict(of: record, in: face.session)
    return try RowEditor(face).edit(conflict, decide)
  }
}
