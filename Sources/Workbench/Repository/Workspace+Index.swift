import History
import Objects
import Records

/// What the index answers: look-ups that would otherwise read all of history.
extension Workspace {
  /// The commits that changed a record, oldest first.
  ///
  /// - Parameter tip: only commits that this one is or follows; nil for those any reference leads to.
  func changes(of record: RecordID, upTo tip: CommitID? = nil) throws -> [CommitChange] {
    try repository.index().changes(of: record, reachableFrom: tip).map { change in
      let commit = try repository.git().commit(change.commit)
      return CommitChange(
        commit: commit.id.hex, short: try repository.git().shortHex(commit.id),
        kind: RecordChange.Kind(change.kind),
        message: commit.message, author: commit.author.text,
        time: Timestamp(secondsSince1970: Int(commit.time.seconds)).text)
    }
  }

  /// What a record was before the commit that removed it; nil when none did.
  func lastEntry(of record: RecordID, removedBy change: CommitChange?) throws -> TreeEntry? {
    guard let change, change.kind == .removed, let id = CommitID(hex: change.commit) else { return nil }
    return try commit(id).parents.first.flatMap { try tree(of: commit($0)).entry(for: record) }
  }

  /// All training runs, oldest first.
  func runs() throws -> [(id: ObjectID, run: Run)] { try repository.index().runs() }

  /// The training runs that saw a record, oldest first.
  func runs(thatSaw record: RecordID) throws -> [RunUse] {
    try repository.index().runs(thatSaw: record).map { id, run in
      RunUse(
        run: id.hex, short: store.abbreviation(of: id), commit: run.commit, model: run.model.name,
        time: run.ended.text)
    }
  }
}
