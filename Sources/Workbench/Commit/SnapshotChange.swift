import History
import Objects
import Records

/// What a commit will do to the snapshot: a plan, whose objects are already in the writer's pack.
struct SnapshotChange {
  /// A batch that comes with the commit.
  struct NewBatch {
    var id: ObjectID
    var batch: Batch
    var format: Format
    /// What was collected about its rows, when it was just read.
    var keys: BatchKeys?
    var rejected = 0
    var rejects: String?
  }

  /// What happens to records.
  var edits = RecordEdits.changed([])
  var batches: [NewBatch] = []
  var counts = ChangeCounts()
  /// Rows that were offered and are there already.
  var unchanged = 0

  var isEmpty: Bool { edits.isEmpty && batches.isEmpty }
}
