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

  func add(_ change: RecordChange) {
    if !isFirst { write(",") }
    isFirst = false
    var members = [
      JSONMember("record", .string(change.record)), JSONMember("change", .string(change.kind.rawValue)),
    ]
    if let old = change.old {
      members += [JSONMember("old_pair", .string(old.pairID)), JSONMember("old", old.row)]
    }
    if let new = change.new {
      members += [JSONMember("new_pair", .string(new.pairID)), JSONMember("new", new.row)]
    }
    console.write(CanonicalJSON.encode(.object(members)))
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
