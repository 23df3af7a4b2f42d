import History
import Objects
import Records

/// What a merge writes: the changes of their side, what was put together, and what was decided.
struct MergeEdits {
  /// In the order of the records.
  private(set) var edits: [TreeEdit]
  /// Rows that are new: of a record, or of one that is made for it.
  private(set) var rows: [(record: RecordID?, fields: RecordFields, model: TreeEntry)] = []
  /// The records that are neither side's, as far as can be said without looking; in their order once written.
  private(set) var own: [RecordID] = []
  private let ours: SnapshotTree
  private let reader: RecordReader
  /// The records that their side changes.
  private let changed: Set<RecordID>

  init(_ plan: MergePlan, ours: SnapshotTree, _ reader: RecordReader) {
    edits = plan.edits
    rows = plan.merged.map { ($0.record, $0.fields, $0.model) }
    self.ours = ours
    self.reader = reader
    changed = Set(plan.edits.map(\.key))
  }

  /// Adds what was decided about a conflict.
  mutating func decide(_ conflict: MergeConflict, _ choice: MergeChoice) throws {
    switch choice {
    case .ours: break
    case .theirs: takeTheirs(conflict)
    case .both: try takeBoth(conflict)
    case .fields(let fields):
      guard let model = conflict.ours ?? conflict.theirs else { break }
      rows.append((conflict.record, fields, model))
    }
  }

  private mutating func takeTheirs(_ conflict: MergeConflict) {
    if conflict.other != nil { edits.append(.remove(conflict.record)) }
    edits.append(conflict.theirs.map { .put($0) } ?? .remove(conflict.record))
  }

  /// One of two edits becomes a record of its own, named by the row that it came in.
  private mutating func takeBoth(_ conflict: MergeConflict) throws {
    guard let ours = conflict.ours, let theirs = conflict.theirs else {
      if let theirs = conflict.theirs { edits.append(.put(theirs)) }
      return
    }
    if conflict.other != nil {
      edits.append(.put(theirs))
    } else if theirs.origin != theirs.key {
      try addRecord(of: theirs)
    } else {
      edits.append(.put(theirs))
      try addRecord(of: ours)
    }
  }

  /// Adds a record with what an edit made of another one. An earlier merge may have done so already: then it is there, and
  /// when it was edited or removed since, that stays so and the answer gets a row of its own.
  private mutating func addRecord(of entry: TreeEntry) throws {
    let there = try ours.entry(for: entry.origin)
    if !changed.contains(entry.origin) {
      if there == nil {
        own.append(entry.origin)
        return edits.append(.put(TreeEntry(key: entry.origin, object: entry.object)))
      }
      if there == TreeEntry(key: entry.origin, object: entry.object) { return }
    }
    rows.append((nil, try reader.fields(entry), entry))
  }

  /// Writes the new rows as batches of edits, and returns all edits in the order of the records with those batches.
  ///
  /// Rows are grouped by the batch that the record's columns came from, so that what that one says of its columns (which
  /// of them is the teacher, the licence, a score) holds for them.
  mutating func write(_ workspace: Workspace, into writer: PackWriter) throws -> [ObjectID] {
    let reader = try OriginReader(workspace.store)
    var batches: [ObjectID] = []
    let ours = ours
    var used = Set(edits.map(\.key))
    let groups = Dictionary(grouping: rows, by: \.model.origin.batch)
    for prefix in groups.keys.sorted() {
      guard
        let rows = groups[prefix]?.sorted(by: { ($0.record ?? $0.model.key) < ($1.record ?? $1.model.key) })
      else { continue }
      let made = try EditBatch.make(of: rows.count, writer, threads: workspace.session.threads) {
        EditBatch.Row(rows[$0].fields, edits: rows[$0].record)
      } isTaken: {
        try used.contains($0.key) || ours.holdsAnother(than: $0)
      } finish: {
        try $0.finish(RowFacts(reader.batch(prefix).batch))
      }
      batches.append(made.id)
      edits += made.entries.map { .put($0) }
      used.formUnion(made.entries.lazy.map(\.key))
      own += made.entries.map(\.key)
    }
    edits.sort { $0.key < $1.key }
    own.sort()
    return batches
  }
}
