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
    var rejected = 0
    var rejects: String?
  }

  /// In the order of their keys.
  var edits: [TreeEdit] = []
  var batches: [NewBatch] = []
  var counts = ChangeCounts()
  /// Rows that were offered and are there already.
  var unchanged = 0

  var isEmpty: Bool { edits.isEmpty && batches.isEmpty }
}
