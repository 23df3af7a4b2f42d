import Records

/// Reads nodes from bytes that may come from anywhere: every length is checked before it is used, and only the
/// one canonical encoding of a well-formed node is accepted.
enum TreeNodeDecoding {
  /// Decodes a node and checks everything that can be checked without its parent.
  ///
  /// - Throws: ``TreeError/damagedNode(_:_:)``.
  static func node(_ bytes: [UInt8], id: ObjectID) throws(TreeError) -> TreeNode {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(TreeError) in try node(buffer, id: id) }
    }
    return try result.get()
  }

  static func node(_ bytes: UnsafeRawBufferPointer, id: ObjectID) throws(TreeError) -> TreeNode {
    do throws(NodeFlaw) {
      var input = NodeInput(buffer: bytes)
      return try node(&input)
    } catch {
      throw .damagedNode(id, error.reason)
    }
  }

  private static func node(_ input: inout NodeInput) throws(NodeFlaw) -> TreeNode {
    let level = Int(try input.byte())
    guard level <= TreeShape.highestLevel else { throw NodeFlaw("level \(level) does not exist") }
    return level == 0 ? .leaf(try leaf(&input)) : .inner(level: level, children: try inner(&input, level))
  }

  private static func leaf(_ input: inout NodeInput) throws(NodeFlaw) -> [TreeEntry] {
    var entries: [TreeEntry] = []
    entries.reserveCapacity(input.remaining / (ObjectID.byteCount + 1))
    var previousBatch: BatchPrefix?
    while input.remaining > 0 {
      let batch = try input.prefix()
      if let previousBatch, previousBatch >= batch { throw NodeFlaw("its batches are not in order") }
      previousBatch = batch
      try group(of: batch, &input, into: &entries)
    }
    // By index: going through the entries themselves would copy each.
    for position in 0..<max(0, entries.count - 1) where TreeShape.levelsEnded(by: entries[position].key) > 0 {
      throw NodeFlaw("it does not end where its keys say")
    }
    return entries
  }

  private static func group(
    of batch: BatchPrefix, _ input: inout NodeInput, into entries: inout [TreeEntry]
  ) throws(NodeFlaw) {
    let count = try input.varint()
    guard count > 0, count <= UInt64(input.remaining / (ObjectID.byteCount + 1)) else {
      throw NodeFlaw("a group's count does not fit")
    }
    let rows = input
    var row = try input.row(after: 0, first: true)
    for _ in 1..<count { row = try input.row(after: row, first: false) }

    let edited = try input.varint()
    guard edited <= count, edited <= UInt64(input.remaining / (RecordID.byteCount + 1)) else {
      throw NodeFlaw("a group's count of origins does not fit")
    }
    var origins = input
    for _ in 0..<edited {
      _ = try input.varint()
      _ = try input.key()
    }
    guard UInt64(input.remaining) / UInt64(ObjectID.byteCount) >= count else {
      throw NodeFlaw("it is cut short")
    }

    var rowInput = rows
    row = 0
    var originsLeft = edited
    var nextOrigin = originsLeft > 0 ? try origins.varint() : .max
    for position in 0..<count {
      row = try rowInput.row(after: row, first: position == 0)
      let key = RecordID(batch: batch, row: row)
      var origin = key
      if position == nextOrigin {
        origin = try origins.key()
        guard origin != key else { throw NodeFlaw("an origin is spelled out that goes without saying") }
        originsLeft -= 1
        nextOrigin = .max
        if originsLeft > 0 {
          let (next, overflow) = try origins.varint().addingReportingOverflow(position + 1)
          nextOrigin = overflow ? .max : next
        }
      }
      entries.append(TreeEntry(key: key, object: try input.object(), origin: origin))
    }
    guard originsLeft == 0 else { throw NodeFlaw("it has an origin for no entry") }
  }

  private static func inner(_ input: inout NodeInput, _ level: Int) throws(NodeFlaw) -> [TreeChild] {
    var children: [TreeChild] = []
    children.reserveCapacity(input.remaining / (RecordID.byteCount + ObjectID.byteCount + 1))
    var total = 0
    while input.remaining > 0 {
      let key = try input.key()
      if let last = children.last {
        guard last.lastKey < key else { throw NodeFlaw("its keys are not in order") }
        guard TreeShape.levelsEnded(by: last.lastKey) == level else {
          throw NodeFlaw("it does not end where its keys say")
        }
      }
      let id = try input.object()
      guard let count = Int(exactly: try input.varint()), count > 0 else {
        throw NodeFlaw("a count is impossible")
      }
      let (sum, overflow) = total.addingReportingOverflow(count)
      guard !overflow else { throw NodeFlaw("its counts overflow") }
      total = sum
      children.append(TreeChild(lastKey: key, id: id, count: count))
    }
    guard !children.isEmpty else { throw NodeFlaw("it has no children") }
    return children
  }
}

private struct NodeFlaw: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

/// Checked reads at a moving position.
private struct NodeInput {
  let buffer: UnsafeRawBufferPointer
  var position = 0

  var remaining: Int { buffer.count - position }

  @inline(__always)
  mutating func take(_ count: Int) throws(NodeFlaw) -> Int {
    guard remaining >= count else { throw NodeFlaw("it is cut short") }
    defer { position += count }
    return position
  }

  @inline(__always)
  mutating func byte() throws(NodeFlaw) -> UInt8 { buffer[try take(1)] }

  /// An LEB128 number in its shortest form.
  @inline(__always)
  mutating func varint() throws(NodeFlaw) -> UInt64 {
    let first = try byte()
    if first < 0x80 { return UInt64(first) }
    var value = UInt64(first & 0x7f)
    var shift: UInt64 = 7
    while true {
      let next = try byte()
      guard shift < 63 || next <= 1 else { throw NodeFlaw("a number is too large") }
      value |= UInt64(next & 0x7f) << shift
      if next < 0x80 {
        guard next != 0 else { throw NodeFlaw("a number is not in its shortest form") }
        return value
      }
      shift += 7
    }
  }

  @inline(__always)
  mutating func row(after previous: UInt32, first: Bool) throws(NodeFlaw) -> UInt32 {
    let step = try varint()
    guard let short = UInt32(exactly: step), first || short > 0 else {
      throw NodeFlaw("its rows are not in order")
    }
    let (row, overflow) = previous.addingReportingOverflow(short)
    guard !overflow else { throw NodeFlaw("a row number is too large") }
    return row
  }

  mutating func prefix() throws(NodeFlaw) -> BatchPrefix {
    let start = try take(BatchPrefix.byteCount)
    return BatchPrefix(
      high: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: start, as: UInt64.self)),
      low: UInt32(bigEndian: buffer.loadUnaligned(fromByteOffset: start + 8, as: UInt32.self)))
  }

  mutating func key() throws(NodeFlaw) -> RecordID {
    let batch = try prefix()
    let start = try take(4)
    return RecordID(
      batch: batch, row: UInt32(bigEndian: buffer.loadUnaligned(fromByteOffset: start, as: UInt32.self)))
  }

  @inline(__always)
  mutating func object() throws(NodeFlaw) -> ObjectID {
    ObjectID(loading: buffer, at: try take(ObjectID.byteCount))
  }
}
