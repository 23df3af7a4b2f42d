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
  enum Edits {
    /// These, in the order of their keys.
    case changed([TreeEdit])
    /// Every row of these batches becomes a record of its own; in the order of the batches' ids. Kept as the batches'
    /// pairs, since a million rows as edits would take more memory than all the rest of an import.
    case added([(batch: BatchPrefix, pairs: [ObjectID])])

    var isEmpty: Bool {
      switch self {
      case .changed(let edits): edits.isEmpty
      case .added(let batches): batches.isEmpty
      }
    }

    /// All of them, in the order of their keys.
    var inOrder: AnySequence<TreeEdit> {
      switch self {
      case .changed(let edits): AnySequence(edits)
      case .added(let batches):
        AnySequence(
          batches.lazy.flatMap { batch, pairs in
            pairs.enumerated().lazy.map { index, pair in
              .put(TreeEntry(key: RecordID(batch: batch, row: UInt32(index + 1)), object: pair))
            }
          })
      }
    }
  }

  var edits = Edits.changed([])
  var batches: [NewBatch] = []
  var counts = ChangeCounts()
  /// Rows that were offered and are there already.
  var unchanged = 0

  var isEmpty: Bool { edits.isEmpty && batches.isEmpty }
}
