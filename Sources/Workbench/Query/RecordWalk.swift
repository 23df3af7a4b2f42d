import History
import Records

/// A walk over a version's records in the order of a checkout, or over those of them that constraints leave.
final class RecordWalk {
  /// Records of one batch, by its place among the version's.
  private struct Span {
    let batch: Int
    let keys: ClosedRange<RecordID>
  }

  /// The current record.
  private(set) var entry: TreeEntry
  /// The current record's batch, by its place among the version's.
  private(set) var batch = 0
  /// How many records the walk has passed, the current one included.
  private(set) var ordinal = 0

  private let version: QueriedVersion
  private let isWhole: Bool
  private var spans: ArraySlice<Span>
  private var cursor: TreeCursor?
  private var leaf: ArraySlice<TreeEntry> = []

  /// All records.
  convenience init(_ version: QueriedVersion) {
    let spans = version.batches.indices.map {
      Span(batch: $0, keys: RecordID.range(of: BatchPrefix(of: version.batches[$0])))
    }
    self.init(version, spans, isWhole: true)
  }

  /// The records of one batch, or none when the version has no such batch.
  convenience init(_ version: QueriedVersion, batch: BatchPrefix) {
    let found = version.place(of: batch).map { [Span(batch: $0, keys: RecordID.range(of: batch))] } ?? []
    self.init(version, found, isWhole: false)
  }

  /// One record, or none when the version does not have it.
  convenience init(_ version: QueriedVersion, record: RecordID) {
    let found = version.place(of: record.batch).map { [Span(batch: $0, keys: record...record)] } ?? []
    self.init(version, found, isWhole: false)
  }

  /// The records at some places in a checkout, from 1.
  convenience init(_ version: QueriedVersion, positions: ClosedRange<Int>) throws {
    let starts = try version.starts()
    var spans: [Span] = []
    for place in version.batches.indices {
      let (first, last) = (
        max(positions.lowerBound, starts[place] + 1), min(positions.upperBound, starts[place + 1])
      )
      guard first <= last else { continue }
      let keys = RecordID.range(of: BatchPrefix(of: version.batches[place]))
      let base = try version.tree.rank(of: keys.lowerBound) - starts[place] - 1
      guard let low = try version.tree.entry(at: base + first)?.key,
        let high = try version.tree.entry(at: base + last)?.key, low <= high
      else { continue }
      spans.append(Span(batch: place, keys: low...high))
    }
    self.init(version, spans, isWhole: false)
  }

  private init(_ version: QueriedVersion, _ spans: [Span], isWhole: Bool) {
    self.version = version
    self.spans = spans[...]
    self.isWhole = isWhole
    entry = TreeEntry(
      key: RecordID(batch: BatchPrefix(high: 0, low: 0), row: 0), object: version.commit.dataset.snapshot)
  }

  /// Goes to the next record; false at the end.
  ///
  /// - Throws: ``Failure`` when all records of the version have passed and they are not as many as it says.
  func advance() throws -> Bool {
    while true {
      if let next = leaf.popFirst() {
        entry = next
        ordinal += 1
        return true
      }
      if let following = try cursor?.nextLeaf() {
        leaf = following
        continue
      }
      guard let span = spans.popFirst() else {
        cursor = nil
        if isWhole, ordinal != version.commit.dataset.records {
          throw Failure(
            .data,
            "the version `\(version.commit.id)` says it has \(version.commit.dataset.records) records and has \(ordinal)",
            hint: "the repository is damaged: restore `.mdata` from a copy")
        }
        return false
      }
      batch = span.batch
      cursor = version.tree.entries(in: span.keys)
    }
  }

  /// The current record's place in a checkout, from 1.
  func position() throws -> Int { isWhole ? ordinal : try version.position(of: entry.key) }
}
