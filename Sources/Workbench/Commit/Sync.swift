import History
import Objects
import Records

/// `commit --sync`: a file that is the whole dataset, edited elsewhere. Rows are matched by pair and columns, then
/// by pair, then by everything but the answer; what is left over was added or removed.
struct Sync {
  let workspace: Workspace
  let facts: BatchFacts

  /// What the file asks for, with its objects in the writer.
  func plan(_ source: ImportSource, from head: Commit, writer: PackWriter) throws -> SnapshotChange {
    var matching = try Matching(workspace, head)
    var change = SnapshotChange()
    var leftover: [IncomingRows.Row] = []
    let rows = IncomingRows(session: workspace.session, source: source, facts: facts)
    let layout = try rows.forEach { row in
      if try matching.takeEqual(row) { change.unchanged += 1 } else { leftover.append(row) }
    }
    try matching.indexTasks()
    let batch = EditBatch(writer)
    var puts: [(record: RecordID?, row: UInt32, pair: ObjectID)] = []
    // First all rows with the same pair, then all with the same task: a row must not take another's better match.
    var records: [RecordID?] = leftover.map { matching.takeSamePair($0) }
    for (position, row) in leftover.enumerated() where records[position] == nil {
      records[position] = try matching.takeSameTask(row)
    }
    for (row, record) in zip(leftover, records) {
      let number = try batch.append(row.edit(of: record))
      puts.append((record, number, batch.pairs[Int(number) - 1]))
    }
    let removed = matching.remaining
    change.counts.edited = records.count { $0 != nil }
    change.counts.added = records.count - change.counts.edited
    change.counts.removed = removed.count
    if !puts.isEmpty {
      let (id, value) = try batch.finish(source.description(), layout: layout, facts: facts)
      let prefix = BatchPrefix(of: id)
      change.batches = [SnapshotChange.NewBatch(id: id, batch: value, format: layout.format)]
      change.edits = puts.map { put in
        let origin = RecordID(batch: prefix, row: put.row)
        return .put(TreeEntry(key: put.record ?? origin, object: put.pair, origin: origin))
      }
    }
    change.edits += removed.map { .remove($0) }
    change.edits.sort { $0.key < $1.key }
    return change
  }
}

/// The records of the old version that no row of the file has claimed yet.
private struct Matching {
  private let workspace: Workspace
  private let reader: RecordReader
  private var entries: [TreeEntry] = []
  private var isTaken: [Bool] = []
  /// Positions in `entries`, last first, so that the first is taken with `popLast`.
  private var byPair: [ObjectID: [Int32]] = [:]
  private var byTask: [ObjectID: [Int32]] = [:]

  init(_ workspace: Workspace, _ head: Commit) throws {
    self.workspace = workspace
    reader = try RecordReader(workspace.store)
    let tree = workspace.tree(of: head)
    entries.reserveCapacity(try tree.count())
    for (id, _) in try workspace.batches(of: head) {
      var cursor = tree.entries(in: RecordID.range(of: BatchPrefix(of: id)))
      while let leaf = try cursor.nextLeaf() { entries += leaf }
    }
    isTaken = [Bool](repeating: false, count: entries.count)
    byPair.reserveCapacity(entries.count)
    for position in entries.indices.reversed() {
      byPair[entries[position].object, default: []].append(Int32(position))
    }
  }

  /// Claims the first record with the row's pair and columns.
  mutating func takeEqual(_ row: IncomingRows.Row) throws -> Bool {
    let pair = ObjectID.hash(.pair, row.pair)
    guard let positions = byPair[pair] else { return false }
    for index in positions.indices.reversed() {
      let position = Int(positions[index])
      guard try hasColumns(of: row, entries[position]) else { continue }
      byPair[pair]?.remove(at: index)
      isTaken[position] = true
      return true
    }
    return false
  }

  mutating func takeSamePair(_ row: IncomingRows.Row) -> RecordID? {
    take(from: \.byPair, ObjectID.hash(.pair, row.pair))
  }

  /// Reads the tasks of what is left, to match rows whose answer alone was edited.
  mutating func indexTasks() throws {
    for position in entries.indices.reversed() where !isTaken[position] {
      let task = try Self.task(of: reader.pair(entries[position]))
      byTask[task, default: []].append(Int32(position))
    }
  }

  mutating func takeSameTask(_ row: IncomingRows.Row) throws -> RecordID? {
    take(from: \.byTask, try Self.task(of: Pair(canonical: row.pair)))
  }

  /// The records that the file does not have.
  var remaining: [RecordID] { entries.indices.lazy.filter { !isTaken[$0] }.map { entries[$0].key } }

  private mutating func take(
    from index: WritableKeyPath<Matching, [ObjectID: [Int32]]>, _ key: ObjectID
  ) -> RecordID? {
    while let position = self[keyPath: index][key]?.popLast() {
      if isTaken[Int(position)] { continue }
      isTaken[Int(position)] = true
      return entries[Int(position)].key
    }
    return nil
  }

  private func hasColumns(of row: IncomingRows.Row, _ entry: TreeEntry) throws -> Bool {
    let (old, offset) = try reader.origins.chunk(of: entry.origin)
    let before = old.origins.cells(at: offset)
    let after = row.chunk.cells(at: row.offset)
    return before.elementsEqual(after) { left, right in
      old.origins.columnNames[left.column] == row.chunk.columnNames[right.column]
        && old.origins.bytes[left.value] == row.chunk.bytes[right.value]
    }
  }

  /// A pair without its answer, as a key.
  private static func task(of pair: Pair) -> ObjectID {
    var task = pair
    task.output = ""
    return ObjectID.hash(.pair, task.canonicalBytes)
  }
}
