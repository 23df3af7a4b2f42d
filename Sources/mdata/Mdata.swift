import ArgumentParser
import CMalloc
import Glibc
import Workbench

@main
struct Mdata: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mdata",
    abstract:
      "Version control for instruction-tuning data: commit batches, ask where a pair came from, train on a pinned version.",
    version: Version.number,
    groupedSubcommands: [
      CommandGroup(name: "Begin", subcommands: [Init.self]),
      CommandGroup(
        name: "Bring data in", subcommands: [Add.self, Status.self, Commit.self]),
      CommandGroup(
        name: "Look at versions",
        subcommands: [Log.self, Show.self, Diff.self, Query.self, Search.self, CatObject.self]),
      CommandGroup(
        name: "Ask where data came from", subcommands: [Blame.self, Why.self, Audit.self, Card.self]),
      CommandGroup(
        name: "Name and take out versions",
        subcommands: [Branch.self, Switch.self, Tag.self, Checkout.self, Pin.self]),
      CommandGroup(name: "Check signatures", subcommands: [VerifyCommit.self, VerifyTag.self]),
      CommandGroup(
        name: "Bring versions together",
        subcommands: [Merge.self, CherryPick.self, Revert.self, Apply.self, Conflicts.self, Resolve.self]),
      CommandGroup(
        name: "Score and choose records",
        subcommands: [Score.self, Select.self, Split.self, Filter.self, Dedup.self, Decontaminate.self]),
      CommandGroup(name: "Take back and tidy up", subcommands: [Undo.self, Redo.self, Op.self, Gc.self]),
      CommandGroup(name: "Look after the repository", subcommands: [Fsck.self, Reindex.self]),
      CommandGroup(name: "Train", subcommands: [Train.self, Runs.self, Sample.self, Model.self]),
    ])

  static func main() {
    signal(SIGPIPE, SIG_IGN)
    keepMemory()
    let arguments = Arguments.normalised(Array(CommandLine.arguments.dropFirst()))
    do {
      if let failure = Arguments.unknownVerb(arguments, among: verbs) { throw failure }
      var command = try parseAsRoot(arguments)
      try command.run()
      Glibc.exit(0)
    } catch {
      Glibc.exit(ErrorReport(error, arguments: arguments).print())
    }
  }

  /// Every verb with the verbs below it.
  ///
  /// Each configuration gives its verb's name: the parser would make it from the type's, which takes reflection, for
  /// every verb at every start (a quarter of the instructions of `mdata --version`). One without a name is unknown.
  static var verbs: [(name: String, below: [String])] {
    func name(_ verb: any ParsableCommand.Type) -> String { verb.configuration.commandName ?? "" }
    return configuration.groupedSubcommands.flatMap(\.subcommands).map { verb in
      (name(verb), verb.configuration.subcommands.map(name))
    }
  }

  /// Lets the allocator keep what large buffers leave behind: by default each is mapped and unmapped, and the kernel
  /// clears every page of it again.
  private static func keepMemory() {
    mallopt(M_MMAP_THRESHOLD, 32 << 20)
    mallopt(M_TRIM_THRESHOLD, 64 << 20)
  }
}
