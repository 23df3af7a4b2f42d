import ArgumentParser
import Records
import Workbench

struct Fsck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fsck",
    abstract: "Check every byte of the repository, and repair what can be.",
    discussion: """
      Hashes every object and holds everything that refers to something to what it refers to: packs, snapshots, \
      versions, branches and tags, operations, what is staged, mdata.lock, the index. It works on a repository that \
      no other verb can open. Each finding names the file, the versions and records concerned, and what to do next. \
      Exits with 65 when something is damaged.

      --repair puts damaged files into .mdata/quarantine, builds again whatever can be built, and deletes nothing.

      Examples:
        mdata fsck
        mdata fsck --json
        mdata fsck --repair --dry-run
        mdata fsck --repair
      """)

  @Flag(help: "Repair what can be repaired; what is replaced goes into .mdata/quarantine.")
  var repair = false

  @Flag(help: "With --repair: print what would be done.")
  var dryRun = false

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let line = FsckProgress(face.console)
      let result = try FsckRequest(repair: repair, dryRun: dryRun).run(in: face.session) {
        line.update($0, $1, $2)
      }
      line.finish()
      options.json ? face.console.json(FsckPage.document(result)) : FsckPage(result).print(on: face.console)
      if !result.isIntact {
        face.console.flush()
        throw ExitCode(Failure.Kind.data.rawValue)
      }
    }
  }
}
