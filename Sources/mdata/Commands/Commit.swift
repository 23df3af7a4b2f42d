import ArgumentParser
import Records
import Workbench

struct Commit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "commit",
    abstract: "Make a version of what is staged, of a file, or of changes to rows.",
    discussion: """
      With files: imports and commits them in one go. With --sync, the file is the whole dataset, edited elsewhere: \
      rows are matched by content, then by instruction and input. With --update, the file brings only changed rows, \
      matched by record id or by a key column. Which columns say teacher, licence and scores stays as it was for \
      edited rows, unless a flag says it anew.

      Examples:
        mdata commit pairs.jsonl -m "First batch"
        mdata commit --sync edited.jsonl -m "Corrections of the review"
        mdata commit --update fixes.jsonl --key id -m "Doses corrected"
        mdata commit --sync edited.jsonl --sign -m "Reviewed"
      """)

  @Argument(help: "Files to import first.")
  var files: [String] = []

  @Option(name: .shortAndLong, help: "What this version is, in a sentence.")
  var message: String

  @Option(help: ArgumentHelp("Make the dataset equal to this file.", valueName: "file"))
  var sync: String?

  @Option(help: ArgumentHelp("Replace the rows that this file holds.", valueName: "file"))
  var update: String?

  @Option(help: ArgumentHelp("The column that names a row in --update.", valueName: "column"))
  var key: String?

  @Flag(help: "Show what would change and change nothing.")
  var dryRun = false

  @OptionGroup(title: "How the file is read") var flags: ImportFlags
  @OptionGroup(title: "Signature") var signing: SigningFlags
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if [sync != nil, update != nil, !files.isEmpty].filter({ $0 }).count > 1 {
      throw ValidationError("give files, '--sync' or '--update', not several of them")
    }
    if files.isEmpty, sync == nil, update == nil, let flag = flags.given.first {
      throw ValidationError(
        "'\(flag)' belongs to a file, and what is staged was read already: give it to 'mdata add'")
    }
    if key != nil && update == nil { throw ValidationError("'--key' belongs to '--update'") }
    if dryRun && sync == nil && update == nil {
      throw ValidationError("'--dry-run' belongs to '--sync' and '--update'")
    }
  }

  func run() throws {
    try Face.run(options) { face in
      let provenance = try flags.request()
      let change: CommitRequest.Change =
        if let sync {
          .sync(ImportRequest(source: sync, provenance: provenance))
        } else if let update {
          .update(ImportRequest(source: update, provenance: provenance), key: key)
        } else if files.isEmpty {
          .staged
        } else {
          .files(files.map { ImportRequest(source: $0, provenance: provenance) })
        }
      let result = try CommitRequest(change: change, message: message, dryRun: dryRun)
        .run(in: face.session(signing))
      options.json ? face.console.json(document(result)) : print(result, on: face.console)
    }
  }

  private func document(_ result: CommitResult) -> JSONValue {
    .document(
      "commit",
      [
        JSONMember("commit", .optional(result.commit?.commit)), JSONMember("branch", .string(result.branch)),
        JSONMember("snapshot", .optional(result.snapshot.isEmpty ? nil : result.snapshot)),
        JSONMember("records", .int(result.records)),
        JSONMember("added", .int(result.counts.added)), JSONMember("edited", .int(result.counts.edited)),
        JSONMember("removed", .int(result.counts.removed)), JSONMember("unchanged", .int(result.unchanged)),
        JSONMember("batches", .array(result.batches.map(\.json))),
      ])
  }

  private func print(_ result: CommitResult, on console: Console) {
    let isEdit = sync != nil || update != nil
    let verb = files.isEmpty && !isEdit ? "Took" : "Read"
    // Edits of one file can be several batches.
    for batches in isEdit ? [result.batches] : result.batches.map({ [$0] }) {
      BatchLines(batches).print(on: console, verb: verb, isStored: !dryRun)
    }
    let counts = console.counts(result.counts)
    guard let commit = result.commit else {
      console.line(dryRun ? "Would change: \(counts)" : "Nothing changed: no commit made")
      return
    }
    console.line(
      "Committed \(console.styled(commit.short, .identifier)) on \(result.branch.escaped()): \(counts); \(result.records.of("record")) now"
    )
  }
}
