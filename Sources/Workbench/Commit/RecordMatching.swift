import History
import Objects
import Records

/// The records of the old version that no row of the file has claimed yet.
struct RecordMatching {
  private let reader: RecordReader
  private let hasher = SHA256()
  /// The records, batch by batch in the order of the batches.
  private(set) var entries: [TreeEntry] = []
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

  /// Claims the first record with the row's pair and columns; returns its place among ``entries``.
  mutating func takeEqual(_ row: IncomingRows.Row) throws -> Int? {
    let pair = row.pairID
    var position = byPair.first(of: pair, isTaken)
    while let candidate = position {
      if !isTaken[candidate], entries[candidate].object == pair, try hasColumns(of: row, entries[candidate]) {
        return take(candidate)
      }
      position = byPair.next(after: candidate)
    }
    return nil
  }

  /// Claims the first record with the row's pair.
  mutating func takeSamePair(_ row: IncomingRows.Row) -> Int? {
    var position = byPair.first(of: row.pairID, isTaken)
    while let candidate = position {
      if !isTaken[candidate], entries[candidate].object == row.pairID {
        return take(candidate)
      }
      position = byPair.next(after: candidate)
    }
    return nil
  }

  /// Reads the tasks of what is left, to match rows whose answer alone was edited.
  mutating func indexTasks() throws {
    for position in entries.indices.reversed() where !isTaken[position] {
      let task = try reader.pairBytes(entries[position]).withUnsafeBytes { try PairFields.task($0, hasher) }
      byTask[task, default: []].append(Int32(position))
    }
  }

  /// Claims the first record with the row's task.
  mutating func takeSameTask(_ row: IncomingRows.Row) throws -> Int? {
    let task = try row.pair.withUnsafeBytes { try PairFields.task($0, hasher) }
    while let position = byTask[task]?.popLast() {
      if isTaken[Int(position)] { continue }
      return take(Int(position))
    }
    return nil
  }

  /// The batch that a record's columns came from.
  func batch(of entry: TreeEntry) throws -> (prefix: BatchPrefix, batch: Batch) {
    (entry.origin.batch, try reader.origins.batch(entry.origin.batch).batch)
  }

  /// The records that the file does not have.
  var remaining: [RecordID] { entries.indices.lazy.filter { !isTaken[$0] }.map { entries[$0].key } }

  private mutating func take(_ position: Int) -> Int {
    isTaken[position] = true
    return position
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
