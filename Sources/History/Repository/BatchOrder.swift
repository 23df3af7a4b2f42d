public import Records

/// Keys of the tree that holds a version's batches in their order: first commit time, then batch id.
public enum BatchOrder {
  /// The key of a batch: eight bytes of the time of the commit that first held it, in seconds since 1970 (earlier
  /// counts as 1970), then the first eight bytes of its id. Shaped like a record id, as all tree keys are.
  public static func key(time: GitTime, batch: ObjectID) -> RecordID {
    RecordID(
      batch: BatchPrefix(
        high: UInt64(max(0, time.seconds)), low: UInt32(truncatingIfNeeded: batch.word0 >> 32)),
      row: UInt32(truncatingIfNeeded: batch.word0))
  }

  /// The entry of a batch.
  public static func entry(time: GitTime, batch: ObjectID) -> TreeEntry {
    TreeEntry(key: key(time: time, batch: batch), object: batch)
  }
}
