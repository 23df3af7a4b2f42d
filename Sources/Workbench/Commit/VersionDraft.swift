import History
import Objects
import Records

/// A version that follows others by changes of its records: a plan, whose objects are already in the transaction's pack.
struct VersionDraft {
  /// Changes of records, in the order of their keys.
  var edits: [TreeEdit]
  /// Changes of the order of batches, in the order of their keys.
  var batches: [TreeEdit] = []
  /// Why it chose among records as it does.
  var report: ObjectID?
  /// What it is, in a sentence.
  var message: String

  /// Writes the version that follows `head`.
  ///
  /// - Parameters:
  ///   - others: more versions that it follows.
  ///   - name: the branch that shall point at it.
  func write(
    onto head: Commit, and others: [CommitID] = [], moving name: RefName, _ transaction: Transaction
  ) throws -> CommitID {
    let snapshot = try transaction.apply(.changed(edits), to: head.dataset.snapshot)
    let order = try transaction.apply(.changed(batches), to: head.dataset.batches)
    return try transaction.commit(
      Dataset(
        snapshot: snapshot.id, records: snapshot.count, batches: order.id, batchCount: order.count,
        report: report), parents: [head.id] + others, message: message, moving: name)
  }
}
