import Records

/// What happened to records, as runs of consecutive rows to which the same happened: an import is one.
struct ChangeRuns {
  private(set) var runs: [(rows: RowRange, kind: RecordDelta.Kind)] = []

  /// How many records each kind has.
  var counts: ChangeCounts {
    var counts = ChangeCounts()
    for (rows, kind) in runs {
      let number = Int(rows.last - rows.first) + 1
      switch kind {
      case .added: counts.added += number
      case .edited: counts.edited += number
      case .removed: counts.removed += number
      }
    }
    return counts
  }

  /// Adds a record after those before it.
  mutating func append(_ record: RecordID, _ kind: RecordDelta.Kind) {
    if let (open, openKind) = runs.last, openKind == kind, open.batch == record.batch,
      open.last + 1 == record.row
    {
      runs[runs.count - 1].rows = RowRange(batch: open.batch, first: open.first, last: record.row)
    } else {
      runs.append((RowRange(batch: record.batch, first: record.row, last: record.row), kind))
    }
  }
}

/// What a transaction knows and the index would otherwise find out by reading what was just written. The index says
/// where to look and no more, so it may take a writer's word; `fsck` compares it with history.
struct IndexNews {
  /// What led from one snapshot to another; from nil when there was none.
  private(set) var changes: [(old: ObjectID?, new: ObjectID, runs: ChangeRuns)] = []
  /// What commits that follow several others changed themselves: the records that are unlike those of all parents.
  private(set) var own: [CommitID: ChangeRuns] = [:]
  /// What was collected about the rows of new batches.
  var keys: [(batch: BatchPrefix, keys: BatchKeys)] = []

  var isEmpty: Bool { changes.isEmpty && own.isEmpty && keys.isEmpty }

  mutating func add(from old: ObjectID?, to new: ObjectID, _ runs: ChangeRuns) {
    changes.append((old, new, runs))
  }

  mutating func add(own runs: ChangeRuns, of commit: CommitID) { own[commit] = runs }

  func runs(from old: ObjectID?, to new: ObjectID) -> ChangeRuns? {
    changes.first { $0.old == old && $0.new == new }?.runs
  }
}
