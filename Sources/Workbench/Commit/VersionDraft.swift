import History
import Objects
import Records

/// A version that follows others by changes of its records: a plan, whose objects are already in the transaction's pack.
struct VersionDraft {
  /// Changes of records, in the order of their keys.
  var edits: [TreeEdit]
  /// Changes of the order of batches, in the order of their keys.
  var batches: [TreeEdit] = []
  /// Of a version that follows several, the records that may be unlike those of all of them, in ascending order; nil when
  /// that is to be found out.
  var own: [RecordID]?
  /// Why it chose among records as it does.
  var report: ObjectID?
  /// Who wrote the change, and when; nil for whoever makes the version.
  var author: GitStamp?
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
        report: report), parents: [head.id] + others, author: author, message: message, own: own, moving: name
    )
  }
}

extension Workspace {
  /// What the order of batches needs so that a version has every batch that its records name.
  ///
  /// - Parameters:
  ///   - edits: the records that are put in.
  ///   - head: the version that is changed.
  ///   - source: the version that the records come from: its batches keep their places.
  ///   - made: new batches.
  ///   - time: the place of a batch that `source` does not have.
  func batchOrder(
    for edits: [TreeEdit], in head: Commit, from source: Commit? = nil, adding made: [ObjectID], time: GitTime
  ) throws -> [TreeEdit] {
    var missing: Set<BatchPrefix> = []
    for entry in edits.lazy.compactMap(\.entry) {
      missing.formUnion([entry.key.batch, entry.origin.batch])
    }
    missing.subtract(try batchIDs(of: head).map { BatchPrefix(of: $0) })
    var order: [TreeEdit] = []
    if let source, !missing.isEmpty {
      var entries = repository.batches(of: source).entries()
      while let entry = try entries.next() {
        if missing.remove(BatchPrefix(of: entry.object)) != nil { order.append(.put(entry)) }
      }
    }
    for batch in made where missing.remove(BatchPrefix(of: batch)) != nil {
      order.append(.put(BatchOrder.entry(time: time, batch: batch)))
    }
    for prefix in missing {
      guard let batch = try store.batch(prefix) else { continue }
      order.append(.put(BatchOrder.entry(time: time, batch: batch)))
    }
    return order.sorted { $0.key < $1.key }
  }
}
