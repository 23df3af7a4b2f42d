import ArgumentParser
import Records
import Workbench

struct Op: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "op",
    abstract: "List what was done, or bring back the state after any of it.",
    discussion: """
      Examples:
        mdata op log
        mdata op restore 1
      """,
    subcommands: [OperationList.self, Restore.self])

  struct OperationList: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "log",
      abstract: "List the operations, newest first; * marks the one that `mdata undo` takes back.",
      discussion: """
        Examples:
          mdata op log
          mdata op log -n 5 --json
        """)

    @Option(
      name: [.customShort("n"), .long], parsing: .unconditional,
      help: ArgumentHelp("At most this many.", valueName: "count"))
    var limit: Int?

    @OptionGroup var options: GlobalOptions

    func run() throws {
      try Face.run(options) { face in
        face.console.page()
        let operations = try OperationsRequest(limit: limit).run(in: face.session)
        if options.json {
          face.console.json(.document("op", [JSONMember("operations", .array(operations.map(\.json)))]))
          return
        }
        if operations.isEmpty, limit != 0 { face.console.inform("Nothing has been done yet") }
        for operation in operations {
          let time = operation.time.prefix(10) + " " + operation.time.dropFirst(11).prefix(5)
          let line =
            "\(operation.isCurrent ? "*" : " ") \(operation.number)  \(time)  \(operation.description.escaped())"
          face.console.line(operation.isUndone ? face.console.styled(line + "  (undone)", .faint) : line)
        }
      }
    }
  }

  struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "restore",
      abstract: "Bring back branches, tags, HEAD, staging and runs as they were after an operation.",
      discussion: """
        `mdata undo` takes a restoration back.

        Examples:
          mdata op restore 1
          mdata op restore 2 --json
        """)

    @Argument(help: "The operation's number, as `mdata op log` shows it.")
    var operation: Int

    @OptionGroup var options: GlobalOptions

    func run() throws { try UndoRequest(.restore(operation)).run(options) }
  }
}
