import History
import Objects
import Records

/// What the index answers: look-ups that would otherwise read all of history.
extension Workspace {
  func changes(of record: RecordID) throws -> [CommitChange] { [] }

  func runIDs() throws -> [ObjectID] { try repository.operations.list().reversed().flatMap(\.operation.objects) }

  func runs(thatSaw record: RecordID) throws -> [RunUse] {
    try runIDs().compactMap { id in
      let run = try run(id)
      guard run.saw(record) else { return nil }
      return RunUse(
        run: id.hex, short: store.abbreviation(of: id), commit: run.commit, model: run.model.name, time: run.ended.text)
    }
  }

  func keyIndex(column: String, at commit: Commit) throws -> KeyIndex { try KeyIndex(self, column, commit) }
}

final class KeyIndex {
  private var found: [[UInt8]: [RecordID]] = [:]
  init(_ workspace: Workspace, _ column: String, _ commit: Commit) throws {
    let origins = try OriginReader(workspace.store)
    var cursor = workspace.tree(of: commit).entries()
    while let entry = try cursor.next() {
      let (chunk, offset) = try origins.chunk(of: entry.origin)
      if let c = chunk.origins.column(named: column), let r = chunk.origins.value(ofColumn: c, at: offset) {
        found[Array(chunk.origins.bytes[r]), default: []].append(entry.key)
      }
    }
  }
  func records(_ value: [UInt8]) throws -> [RecordID] { found[value] ?? [] }
}
