import History
import Objects
import Records

extension EditBatch {
  /// A stored batch, and what its rows make of records.
  struct Made {
    var id: ObjectID
    var batch: Batch
    /// In the order of the rows. A new record is named by the row it came in.
    var entries: [TreeEntry]
  }

  /// Stores rows as a batch whose new records take no id that is in use.
  ///
  /// The same rows can come in again by the same way, and are the same batch then, while the records that they made the
  /// first time live on with other content. One more row at the end, of which no record is made, makes it another batch.
  ///
  /// - Parameters:
  ///   - count: how many rows there are.
  ///   - row: gives a row; it is asked again when the batch is made again.
  ///   - isTaken: whether a new record's id stands for something else.
  ///   - finish: stores the batch and gives it with the ids of its pairs.
  static func make(
    of count: Int, _ writer: PackWriter, threads: Int, row: (Int) throws -> Row,
    isTaken: (TreeEntry) throws -> Bool,
    finish: (EditBatch) throws -> (id: ObjectID, batch: Batch, pairs: [ObjectID])
  ) throws -> Made {
    var spare: [Int] = []
    while true {
      let batch = EditBatch(writer, threads: threads)
      var records: [RecordID?] = []
      for place in 0..<count {
        let row = try row(place)
        records.append(row.edits)
        try batch.append(row)
      }
      for place in spare { try batch.append(try row(place)) }
      let (id, value, pairs) = try finish(batch)
      let prefix = BatchPrefix(of: id)
      let entries = zip(records, pairs).enumerated().map { place, made in
        let origin = RecordID(batch: prefix, row: UInt32(place + 1))
        return TreeEntry(key: made.0 ?? origin, object: made.1, origin: origin)
      }
      guard let taken = try entries.indices.first(where: { try records[$0] == nil && isTaken(entries[$0]) })
      else { return Made(id: id, batch: value, entries: entries) }
      spare.append(taken)
    }
  }
}

extension SnapshotTree {
  /// Whether the id of a record that shall come in is that of one with another content.
  func holdsAnother(than new: TreeEntry) throws -> Bool {
    try entry(for: new.key).map { $0 != new } ?? false
  }
}
