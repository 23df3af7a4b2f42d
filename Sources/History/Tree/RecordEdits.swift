public import Records

/// What happens to records, in the order of their keys.
public enum RecordEdits: Sendable {
  /// These edits.
  case changed([TreeEdit])
  /// Every row of these batches becomes a record of its own; in the order of the batches' ids. Kept as the batches'
  /// pairs, since a million rows as edits would take more memory than all the rest of an import.
  case added([(batch: BatchPrefix, pairs: [ObjectID])])
  /// These records are removed. Kept as their ids, since a subset may leave out a million of them.
  case removed([RecordID])

  /// Whether nothing happens.
  public var isEmpty: Bool {
    switch self {
    case .changed(let edits): edits.isEmpty
    case .added(let batches): batches.allSatisfy { $0.pairs.isEmpty }
    case .removed(let records): records.isEmpty
    }
  }
}

extension RecordEdits: Sequence {
  public func makeIterator() -> Iterator { Iterator(self) }

  /// Goes through the edits. A concrete type, because a chain of lazy sequences costs more than the tree it feeds.
  public struct Iterator: IteratorProtocol {
    private let edits: RecordEdits
    private var batch = 0
    private var position = 0

    fileprivate init(_ edits: RecordEdits) { self.edits = edits }

    public mutating func next() -> TreeEdit? {
      switch edits {
      case .changed(let edits):
        guard position < edits.count else { return nil }
        defer { position += 1 }
        return edits[position]
      case .added(let batches):
        while batch < batches.count, position == batches[batch].pairs.count {
          batch += 1
          position = 0
        }
        guard batch < batches.count else { return nil }
        position += 1
        return .put(
          TreeEntry(
            key: RecordID(batch: batches[batch].batch, row: UInt32(position)),
            object: batches[batch].pairs[position - 1]))
      case .removed(let records):
        guard position < records.count else { return nil }
        defer { position += 1 }
        return .remove(records[position])
      }
    }
  }
}
