import History
import Records

/// What an index has to learn to know a version: which records it has to forget, and which to read.
struct VersionDifference {
  /// Records that it has and the version has not, or has with another pair.
  private(set) var removed: Set<RecordID> = []
  /// The version's records that it does not have, in the order of a checkout.
  private(set) var added: [TreeEntry] = []

  /// - Parameter known: the snapshot that the index knows; nil for none.
  /// - Throws: what reading the trees throws: ``ObjectsError/missing(_:_:)`` when `known` is no longer there.
  init(from known: ObjectID?, to version: QueriedVersion, in workspace: Workspace) throws {
    var changes = TreeDiff(old: known.map(workspace.repository.tree), new: version.tree)
    while let change = try changes.next() {
      // Columns are not what is compared.
      if let old = change.old, let new = change.new, old.object == new.object { continue }
      if change.old != nil { removed.insert(change.record) }
      if let new = change.new { added.append(new) }
    }
    let places = try added.map { try version.order(of: $0.key) }
    let order = added.indices.sorted { places[$0] < places[$1] }
    added = order.map { added[$0] }
  }
}

extension QueriedVersion {
  /// Grows as records come in a checkout: the batch's place, then the row.
  func order(of record: RecordID) throws -> UInt64 {
    guard let place = place(of: record.batch) else { throw foreign(record) }
    return UInt64(place) << 32 | UInt64(record.row)
  }
}
