import ArgumentParser
import Records
import Workbench

struct Gc: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gc",
    abstract: "Merge packs, and drop what no branch, tag, pin, run or recent operation needs.",
    discussion: """
      What was undone or deleted can come back for as long as `--grace` says; operations before that stay in the log. \
      Others may read and write meanwhile.

      Examples:
        mdata gc --dry-run
        mdata gc
        mdata gc --aggressive --grace 30d
      """)

  @Flag(name: [.customShort("n"), .long], help: "Show what would be done, and do nothing.")
  var dryRun = false

  @Flag(help: "Compress everything anew, as hard as possible: slow.")
  var aggressive = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "How long operations can be undone and unreferenced objects stay: 90s, 30m, 12h, 14d, 2w or 0.",
      discussion: "14d when not given.", valueName: "duration"))
  var grace: Duration?

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let request = GarbageCollectRequest(
        dryRun: dryRun, aggressive: aggressive, grace: grace?.seconds ?? GarbageCollectRequest.standardGrace)
      let result = try request.run(in: face.session)
      options.json ? face.console.json(document(result)) : print(result, on: face.console)
    }
  }

  private func print(_ result: GarbageCollectResult, on console: Console) {
    let most = result.isMost ? "at most " : ""
    console.line(
      "packs    \(result.packs.count.grouped) → \(result.packsAfter.grouped)\n"
        + "bytes    \(result.bytesBefore.grouped) → \(most)\(result.bytesAfter.grouped)\n"
        + "dropped  \(result.dropped.of("object"))")
    if !result.stagingFiles.isEmpty {
      console.line("staging  \(result.stagingFiles.count.of("file")), \(result.stagingBytes.grouped) bytes")
    }
    if result.horizon > 0 {
      console.inform("Operations up to \(result.horizon) are not kept for `mdata undo`")
    }
    if result.wasBusy {
      console.inform("Packs were kept because others are writing: run `mdata gc` again later")
    }
    if result.isDryRun { console.inform("Nothing was changed") }
  }

  private func document(_ result: GarbageCollectResult) -> JSONValue {
    .document(
      "gc",
      [
        JSONMember("dry_run", .bool(result.isDryRun)), JSONMember("aggressive", .bool(aggressive)),
        JSONMember(
          "packs",
          .array(
            result.packs.map {
              .object([
                JSONMember("pack", .string($0.name)), JSONMember("bytes", .int($0.bytes)),
                JSONMember("objects", .int($0.objects)), JSONMember("dropped", .int($0.dropped)),
                JSONMember("fate", .string($0.fate)),
              ])
            })),
        JSONMember("packs_after", .int(result.packsAfter)),
        JSONMember("bytes_before", .int(result.bytesBefore)),
        JSONMember("bytes_after", .int(result.bytesAfter)),
        JSONMember("bytes_are_at_most", .bool(result.isMost)),
        JSONMember("objects_dropped", .int(result.dropped)),
        JSONMember("staging_files", .strings(result.stagingFiles)),
        JSONMember("staging_bytes", .int(result.stagingBytes)), JSONMember("horizon", .int(result.horizon)),
        JSONMember("busy", .bool(result.wasBusy)), JSONMember("leftovers", .strings(result.leftovers)),
      ])
  }
}
