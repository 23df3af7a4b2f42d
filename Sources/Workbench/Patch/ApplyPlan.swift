import History
import Objects
import Records

/// What a patch will do to a version: computed without changing anything.
struct ApplyPlan {
  /// A record that the patch and the version disagree about.
  struct Conflict {
    let record: RecordID
    let fields: [RecordFields.Name]
    let reason: String
    /// What the patch wants: its row, or nil for a removal.
    let wanted: (fields: RecordFields, facts: PatchLine.Facts?)?
    let isThere: Bool
  }

  /// A row that gets a new place, as an edit of a record or as a record of its own.
  struct NewRow {
    let record: RecordID?
    let fields: RecordFields
    let facts: PatchLine.Facts?
  }

  /// Records that are removed, or that come back as they were.
  private(set) var edits: [TreeEdit] = []
  private(set) var rows: [NewRow] = []
  private(set) var conflicts: [Conflict] = []
  private(set) var counts = ChangeCounts()
  /// Records that are already as the patch wants them.
  private(set) var unchanged = 0

  private let workspace: Workspace
  private let tree: SnapshotTree
  private let reader: RecordReader

  init(_ workspace: Workspace, _ head: Commit) throws {
    self.workspace = workspace
    tree = workspace.tree(of: head)
    reader = try RecordReader(workspace.store)
  }

  /// Takes in a record of the patch.
  mutating func add(
    _ record: RecordID, old: RecordFields?, new: RecordFields?, _ facts: PatchLine.Facts?
  ) throws {
    let entry = try tree.entry(for: record)
    let current = try entry.map(reader.fields)
    switch (old, new, current) {
    case (_, nil, nil): unchanged += 1
    case (let old, nil, let current?):
      if let old, current.isSame(as: old) {
        edits.append(.remove(record))
        counts.removed += 1
      } else {
        conflict(record, "it was edited since, and the patch removes it", nil, isThere: true)
      }
    case (nil, let new?, nil):
      if let entry = try known(record, new) {
        edits.append(.put(entry))
      } else {
        rows.append(NewRow(record: try isKnown(record) ? record : nil, fields: new, facts: facts))
      }
      counts.added += 1
    case (_?, let new?, nil):
      conflict(record, "it is not there, and the patch edits it", (new, facts), isThere: false)
    case (let old, let new?, let current?):
      edit(record, FieldMerge(base: old, ours: current, theirs: new), current, new, facts)
    }
  }

  private mutating func edit(
    _ record: RecordID, _ merge: FieldMerge, _ current: RecordFields, _ new: RecordFields,
    _ facts: PatchLine.Facts?
  ) {
    if !merge.conflicts.isEmpty {
      conflict(
        record, "both changed the same field", (new, facts), merge.conflicts, isThere: true)
    } else if merge.merged.isSame(as: current) {
      unchanged += 1
    } else {
      rows.append(NewRow(record: record, fields: merge.merged, facts: facts))
      counts.edited += 1
    }
  }

  private mutating func conflict(
    _ record: RecordID, _ reason: String, _ wanted: (RecordFields, PatchLine.Facts?)?,
    _ fields: [RecordFields.Name] = [], isThere: Bool
  ) {
    conflicts.append(
      Conflict(
        record: record, fields: fields, reason: reason, wanted: wanted.map { (fields: $0.0, facts: $0.1) },
        isThere: isThere))
  }

  /// The record itself, when its batch is in the store and has it with the same content: it comes back under its name.
  private func known(_ record: RecordID, _ fields: RecordFields) throws -> TreeEntry? {
    guard try isKnown(record) else { return nil }
    let pair = ObjectID.hash(.pair, fields.pair)
    let columns = try reader.origins.columns(of: record)
    guard columns.elementsEqual(fields.columns, by: { $0.name == $1.name && $0.value == $1.value }),
      (try? workspace.store.read(pair, .pair)) != nil
    else { return nil }
    return TreeEntry(key: record, object: pair)
  }

  /// Whether the record's batch is in the store: then it comes back under its name, also when it was edited in between.
  private func isKnown(_ record: RecordID) throws -> Bool {
    guard try workspace.store.batch(record.batch) != nil else { return false }
    return (1...(try reader.origins.batch(record.batch).batch.rows)).contains(Int(record.row))
  }

  /// Decides every conflict: as the version has it, or as the patch wants it.
  mutating func decide(theirs: Bool) throws {
    guard theirs else {
      conflicts = []
      return
    }
    for conflict in conflicts {
      if let wanted = conflict.wanted {
        rows.append(
          NewRow(
            record: try conflict.isThere || isKnown(conflict.record) ? conflict.record : nil,
            fields: wanted.fields, facts: wanted.facts))
        if conflict.isThere { counts.edited += 1 } else { counts.added += 1 }
      } else {
        edits.append(.remove(conflict.record))
        counts.removed += 1
      }
    }
    conflicts = []
  }

  var isEmpty: Bool { edits.isEmpty && rows.isEmpty }

  /// Writes the new rows as batches, one for each batch of the patch, and returns all edits in the order of the records.
  ///
  /// A record whose batch only the patch knows has come in under another id when the patch was applied before; as long
  /// as it is what it was then, it stays.
  mutating func write(into writer: PackWriter) throws -> (edits: [TreeEdit], batches: [ObjectID]) {
    var (edits, batches) = (edits, [ObjectID]())
    let tree = tree
    var used = Set(edits.map(\.key))
    let none = BatchPrefix(high: 0, low: 0)
    let groups = Dictionary(grouping: rows) { $0.facts?.batch ?? none }
    for prefix in groups.keys.sorted() {
      guard let rows = groups[prefix] else { continue }
      var said = RowFacts()
      if let facts = rows[0].facts {
        (said.mapping, said.teacher, said.license) = (facts.mapping, facts.teacher, facts.license)
      }
      let made = try EditBatch.make(of: rows.count, writer, threads: workspace.session.threads) {
        EditBatch.Row(rows[$0].fields, edits: rows[$0].record)
      } isTaken: {
        try used.contains($0.key) || tree.holdsAnother(than: $0)
      } finish: {
        try $0.finish(said)
      }
      let new = try made.entries.filter { try tree.entry(for: $0.key) != $0 }
      counts.added -= made.entries.count - new.count
      unchanged += made.entries.count - new.count
      if !new.isEmpty { batches.append(made.id) }
      edits += new.map { .put($0) }
      used.formUnion(new.lazy.map(\.key))
    }
    return (edits.sorted { $0.key < $1.key }, batches)
  }
}
