import ArgumentParser
import Records
import Workbench

struct Undo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "undo",
    abstract: "Take back what was done last: commit, add, tag, branch, switch or train.",
    discussion: """
      Again and again it walks further back, and `mdata redo` walks forward until something new is done. An undo is \
      an operation too: nothing is deleted. `mdata.lock` belongs to the folder around the repository and is left \
      alone, as are the files that checkout and train wrote.

      Examples:
        mdata undo
        mdata undo --json
      """)

  @OptionGroup var options: GlobalOptions

  func run() throws { try UndoRequest(.undo).run(options) }
}

struct Redo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "redo",
    abstract: "Do again what was undone last.",
    discussion: """
      Examples:
        mdata redo
        mdata redo --json
      """)

  @OptionGroup var options: GlobalOptions

  func run() throws { try UndoRequest(.redo).run(options) }
}

extension UndoRequest {
  /// What undo, redo and op restore run.
  func run(_ options: GlobalOptions) throws {
    try Face.run(options) { face in
      let lines = UndoLines(action: action, result: try run(in: face.session))
      options.json ? face.console.json(lines.document) : lines.print(on: face.console)
    }
  }
}
