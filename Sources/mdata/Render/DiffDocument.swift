import Records
import Workbench

/// `diff --json`, written record by record so that its memory does not grow with the difference.
final class DiffDocument {
  private let console: Console
  private let isStat: Bool
  private var isFirst = true

  init(console: Console, isStat: Bool) {
    self.console = console
    self.isStat = isStat
  }

  func begin(_ from: CommitSummary, _ to: CommitSummary) {
    write("{\"schema\":\"mdata.diff/v1\",\"from\":\"\(from.commit)\",\"to\":\"\(to.commit)\"")
    if !isStat { write(",\"records\":[") }
  }

  /// One change as a canonical JSON object, of bytes that are canonical already.
  static func bytes(of change: RecordChange) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity((change.old?.rowJSON.count ?? 0) + (change.new?.rowJSON.count ?? 0) + 300)
    bytes += Array("{\"change\":\"\(change.kind.rawValue)\"".utf8)
    if let new = change.new {
      bytes += Array(",\"new\":".utf8)
      bytes += new.rowJSON
      bytes += Array(",\"new_pair\":\"\(new.pairID)\"".utf8)
    }
    if let old = change.old {
      bytes += Array(",\"old\":".utf8)
      bytes += old.rowJSON
      bytes += Array(",\"old_pair\":\"\(old.pairID)\"".utf8)
    }
    bytes += Array(",\"record\":\"\(change.record)\"}".utf8)
    return bytes
  }

  func add(_ change: [UInt8]) {
    if !isFirst { write(",") }
    isFirst = false
    console.write(change)
  }

  func end(_ result: DiffResult) {
    if !isStat { write("]") }
    write(
      ",\"added\":\(result.counts.added),\"removed\":\(result.counts.removed),\"edited\":\(result.counts.edited)"
    )
    let batches = result.batches.map { batch in
      JSONValue.object([
        JSONMember("batch", .string(batch.batch)), JSONMember("name", .optional(batch.name)),
        JSONMember("added", .int(batch.counts.added)), JSONMember("edited", .int(batch.counts.edited)),
        JSONMember("removed", .int(batch.counts.removed)),
      ])
    }
    write(",\"batches\":")
    console.write(CanonicalJSON.encode(.array(batches)))
    write("}\n")
  }

  private func write(_ text: String) { console.write(Array(text.utf8)) }
}
