import History
import Objects
import Records

/// What the views of one query share: where they read from, and the time they have.
struct QueryContext {
  /// The versions that the query names.
  let versions: QueryVersions
  /// Understands ids as the query writes them.
  let ids: QueryIDs
  /// Reads what the entries of snapshots point at, one record after the other.
  let contents: RecordContents
  /// The time that is left.
  let watch: QueryWatch

  init(_ versions: QueryVersions, _ ids: QueryIDs, _ store: ObjectStore, _ watch: QueryWatch) throws {
    self.versions = versions
    self.ids = ids
    contents = try RecordContents(store)
    self.watch = watch
  }

  /// A walk over all records of a version, or over the one that a value names; nil when the value names none.
  func walk(_ version: QueriedVersion, record: QueryValue?) -> RecordWalk? {
    guard let record else { return RecordWalk(version) }
    return ids.record(record).map { RecordWalk(version, record: $0) }
  }
}
