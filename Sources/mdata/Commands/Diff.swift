import ArgumentParser
import Records
import Workbench

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what changed between two versions, record by record.",
    discussion: """
      Edited records show the words that changed.

      Examples:
        mdata diff HEAD~1
        mdata diff v1 v2 --stat
        mdata diff v1 v2 --json
      """)

  @Argument(help: "The older version.")
  var from: String

  @Argument(help: "The newer version.")
  var to: String = "HEAD"

  @Flag(help: "Only the counts, in all and by batch.")
  var stat = false

  @Flag(help: "Exit with 1 when there are differences.")
  var exitCode = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    var differs = false
    try Face.run(options) { face in
      if !stat { face.console.page() }
      let request = DiffRequest(from: from, to: to)
      let result: DiffResult
      if options.json {
        let document = DiffDocument(console: face.console, isStat: stat)
        if stat {
          result = try request.run(in: face.session)
          document.begin(result.from, result.to)
        } else {
          result = try request.run(
            in: face.session, begin: document.begin, render: DiffDocument.bytes, each: document.add)
        }
        document.end(result)
      } else {
        let page = DiffPage(console: face.console)
        if stat {
          result = try request.run(in: face.session)
          page.stat(result)
        } else {
          result = try request.run(in: face.session, render: { $0 }, each: page.add)
          page.end(result)
        }
      }
      differs = !result.counts.isEmpty
    }
    if exitCode && differs { throw ExitCode(1) }
  }
}
