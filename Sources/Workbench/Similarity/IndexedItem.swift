import History
import Records

/// What an index calls an item: the record, and half of its pair's id.
enum IndexedItem {
  static func id(of entry: TreeEntry) -> ObjectID {
    withUnsafeTemporaryAllocation(byteCount: ObjectID.byteCount, alignment: 8) { bytes in
      bytes.storeBytes(of: entry.key.batch.high.bigEndian, as: UInt64.self)
      bytes.storeBytes(of: entry.key.batch.low.bigEndian, toByteOffset: 8, as: UInt32.self)
      bytes.storeBytes(of: entry.key.row.bigEndian, toByteOffset: 12, as: UInt32.self)
      bytes.storeBytes(of: entry.object.word0.bigEndian, toByteOffset: 16, as: UInt64.self)
      bytes.storeBytes(of: entry.object.word1.bigEndian, toByteOffset: 24, as: UInt64.self)
      return ObjectID(loading: UnsafeRawBufferPointer(bytes))
    }
  }

  static func record(_ id: ObjectID) -> RecordID {
    RecordID(batch: BatchPrefix(of: id), row: UInt32(truncatingIfNeeded: id.word1))
  }
}
