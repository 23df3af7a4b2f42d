import ArgumentParser
import Records
import Workbench

struct Reindex: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reindex",
    abstract: "Delete the index and build it again from history and objects.",
    discussion: """
      The index answers `blame`, `runs` and updates by key without reading all of history. It is a cache: nothing is \
      lost with it. What `search`, `filter --against` and `dedup --minus` keep is deleted, too, and built when it is next \
      needed.

      Examples:
        mdata reindex
        mdata reindex --json
      """)

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let result = try ReindexRequest().run(in: face.session)
      if options.json {
        face.console.json(
          .document(
            "reindex",
            [
              JSONMember("bytes_before", result.bytesBefore.map { .int($0) } ?? .null),
              JSONMember("bytes", .int(result.bytes)),
              JSONMember("rows", .object(result.counts.map { JSONMember($0.table, .int($0.rows)) })),
            ]))
        return
      }
      let rows = Dictionary(uniqueKeysWithValues: result.counts.map { ($0.table, $0.rows) })
      face.console.inform(
        "\(result.bytesBefore == nil ? "There was no index. Built one" : "Deleted the index and built it again"): \((rows["commits"] ?? 0).of("version")), \((rows["batches"] ?? 0).of("batch")), \((rows["runs"] ?? 0).of("run")), \(result.bytes.grouped) bytes"
      )
    }
  }
}
