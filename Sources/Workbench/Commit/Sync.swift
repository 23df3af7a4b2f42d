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
    let batch = EditBatch(writer, threads: workspace.session.threads)
    var puts: [(record: RecordID?, row: UInt32)] = []
    // First all rows with the same pair, then all with the same task: a row must not take another's better match.
    var records: [RecordID?] = leftover.map { matching.takeSamePair($0) }
    for (position, row) in leftover.enumerated() where records[position] == nil {
      records[position] = try matching.takeSameTask(row)
    }
    for (row, record) in zip(leftover, records) {
      puts.append((record, try batch.append(row.edit(of: record))))
    }
    let removed = matching.remaining
    change.counts.edited = records.count { $0 != nil }
    change.counts.added = records.count - change.counts.edited
    change.counts.removed = removed.count
    var edits: [TreeEdit] = removed.map { .remove($0) }
    if !puts.isEmpty {
      let (id, value, pairs) = try batch.finish(source.description(), layout: layout, facts: facts)
      let prefix = BatchPrefix(of: id)
      change.batches = [SnapshotChange.NewBatch(id: id, batch: value, format: layout.format)]
      edits += puts.map { put in
        let origin = RecordID(batch: prefix, row: put.row)
        return .put(TreeEntry(key: put.record ?? origin, object: pairs[Int(put.row) - 1], origin: origin))
      }
    }
    change.edits = .changed(edits.sorted { $0.key < $1.key })
    return change
  }
}

/// The records of the old version that no row of the file has claimed yet.
private struct Matching {
  private let reader: RecordReader
  private var entries: [TreeEntry] = []
  private var isTaken: [Bool] = []
  private var byPair: Positions
  private var byTask: [ObjectID: [Int32]] = [:]

  init(_ workspace: Workspace, _ head: Commit) throws {
    reader = try RecordReader(workspace.store)
    let tree = workspace.tree(of: head)
    entries.reserveCapacity(try tree.count())
    for (id, _) in try workspace.batches(of: head) {
      var cursor = tree.entries(in: RecordID.range(of: BatchPrefix(of: id)))
      while let leaf = try cursor.nextLeaf() { entries += leaf }
    }
    isTaken = [Bool](repeating: false, count: entries.count)
    byPair = Positions(of: entries)
  }

  /// Claims the first record with the row's pair and columns.
  mutating func takeEqual(_ row: IncomingRows.Row) throws -> Bool {
    let pair = row.pairID
    var position = byPair.first(of: pair, isTaken)
    while let candidate = position {
      if !isTaken[candidate], entries[candidate].object == pair, try hasColumns(of: row, entries[candidate]) {
        take(candidate)
        return true
      }
      position = byPair.next(after: candidate)
    }
    return false
  }

  mutating func takeSamePair(_ row: IncomingRows.Row) -> RecordID? {
    var position = byPair.first(of: row.pairID, isTaken)
    while let candidate = position {
      if !isTaken[candidate], entries[candidate].object == row.pairID {
        take(candidate)
        return entries[candidate].key
      }
      position = byPair.next(after: candidate)
    }
    return nil
  }

  /// Reads the tasks of what is left, to match rows whose answer alone was edited.
  mutating func indexTasks() throws {
    for position in entries.indices.reversed() where !isTaken[position] {
      let task = try Self.task(of: reader.pair(entries[position]))
      byTask[task, default: []].append(Int32(position))
    }
  }

  mutating func takeSameTask(_ row: IncomingRows.Row) throws -> RecordID? {
    let task = try Self.task(of: Pair(canonical: Array(row.pair)))
    while let position = byTask[task]?.popLast() {
      if isTaken[Int(position)] { continue }
      take(Int(position))
      return entries[Int(position)].key
    }
    return nil
  }

  /// The records that the file does not have.
  var remaining: [RecordID] { entries.indices.lazy.filter { !isTaken[$0] }.map { entries[$0].key } }

  private mutating func take(_ position: Int) { isTaken[position] = true }

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

/// Positions of entries by their pair, in ascending order: a table of chains, eight to sixteen bytes an entry where a
/// dictionary of arrays takes over two hundred.
private struct Positions {
  private var heads: [Int32]
  private var following: [Int32]
  private let shift: UInt64

  init(of entries: [TreeEntry]) {
    let bits = max(4, Int.bitWidth - entries.count.leadingZeroBitCount)
    shift = UInt64(64 - bits)
    heads = [Int32](repeating: -1, count: 1 << bits)
    following = [Int32](repeating: -1, count: entries.count)
    for position in entries.indices.reversed() {
      let slot = Int(entries[position].object.word0 >> shift)
      following[position] = heads[slot]
      heads[slot] = Int32(position)
    }
  }

  /// The first position whose entry may have the pair. Positions at the front that are taken are forgotten, so that
  /// many equal pairs cost no quadratic time.
  mutating func first(of pair: ObjectID, _ isTaken: [Bool]) -> Int? {
    let slot = Int(pair.word0 >> shift)
    while heads[slot] >= 0, isTaken[Int(heads[slot])] { heads[slot] = following[Int(heads[slot])] }
    return heads[slot] < 0 ? nil : Int(heads[slot])
  }

  /// The next position whose entry may have the same pair.
  func next(after position: Int) -> Int? { following[position] < 0 ? nil : Int(following[position]) }
}
