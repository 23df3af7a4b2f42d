import ArgumentParser
import Workbench

struct Audit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Ask how much of a version can say where it came from, and whether that is enough.",
    discussion: """
      Which share of the records answers for its seed, prompt, teacher and filter score, under which licences they \
      stand, and what looks wrong. With gates the exit code is 1 when records fail one of them: how many do, and the \
      first of them, is said of each.

      Examples:
        mdata audit
        mdata audit v1 --json
        mdata audit v1 --require teacher,seed,prompt --max-unlicensed 0
        mdata audit v1 --allow-license CC0-1.0 --max-anomaly duplicate-pair=1%
      """)

  @Argument(help: "A branch, tag or commit.")
  var revision: String = "HEAD"

  @OptionGroup(title: "Gates") var gates: GateFlags
  @OptionGroup var options: GlobalOptions

  func run() throws {
    var isPassed = true
    try Face.run(options) { face in
      let result = try AuditRequest(revision: revision, gates: gates.gates()).run(in: face.session)
      options.json ? face.console.json(result.json) : AuditPage(console: face.console).print(result)
      isPassed = result.isPassed
    }
    if !isPassed { throw ExitCode(1) }
  }
}
