import Records

/// Writes nodes as bytes; `docs/format.md` describes them.
enum TreeNodeEncoding {
  /// The bytes of a leaf.
  static func leaf(_ entries: ArraySlice<TreeEntry>) -> [UInt8] {
    // The longest an entry can be: a group of its own, with an explicit origin.
    let most = 1 + entries.count * (12 + 3 * 5 + 5 + RecordID.byteCount + ObjectID.byteCount)
    return [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      var output = NodeOutput(buffer: UnsafeMutableRawBufferPointer(buffer))
      output.byte(0)
      entries.withUnsafeBufferPointer { entries in
        var first = 0
        while first < entries.count {
          var end = first + 1
          while end < entries.count && entries[end].key.batch == entries[first].key.batch { end += 1 }
          write(group: UnsafeBufferPointer(rebasing: entries[first..<end]), to: &output)
          first = end
        }
      }
      count = output.position
    }
  }

  /// Entries of one batch: its prefix, the rows as steps, the explicit origins, the objects.
  private static func write(group: UnsafeBufferPointer<TreeEntry>, to output: inout NodeOutput) {
    output.prefix(group[0].key.batch)
    output.varint(UInt64(group.count))
    var previous: UInt32 = 0
    var edited = 0
    for entry in group {
      output.varint(UInt64(entry.key.row - previous))
      previous = entry.key.row
      if entry.origin != entry.key { edited += 1 }
    }
    output.varint(UInt64(edited))
    if edited > 0 {
      var expected = 0
      for (position, entry) in group.enumerated() where entry.origin != entry.key {
        output.varint(UInt64(position - expected))
        output.key(entry.origin)
        expected = position + 1
      }
    }
    for entry in group { output.object(entry.object) }
  }

  /// The bytes of an inner node.
  static func inner(level: Int, _ children: ArraySlice<TreeChild>) -> [UInt8] {
    let most = 1 + children.count * (RecordID.byteCount + ObjectID.byteCount + 10)
    return [UInt8](unsafeUninitializedCapacity: most) { buffer, count in
      var output = NodeOutput(buffer: UnsafeMutableRawBufferPointer(buffer))
      output.byte(UInt8(truncatingIfNeeded: level))
      for child in children {
        output.key(child.lastKey)
        output.object(child.id)
        output.varint(UInt64(child.count))
      }
      count = output.position
    }
  }
}

/// A position in a buffer that was sized for the longest possible node.
private struct NodeOutput {
  let buffer: UnsafeMutableRawBufferPointer
  var position = 0

  mutating func byte(_ value: UInt8) {
    buffer[position] = value
    position += 1
  }

  mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      byte(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    byte(UInt8(truncatingIfNeeded: rest))
  }

  mutating func prefix(_ batch: BatchPrefix) {
    buffer.storeBytes(of: batch.high.bigEndian, toByteOffset: position, as: UInt64.self)
    buffer.storeBytes(of: batch.low.bigEndian, toByteOffset: position + 8, as: UInt32.self)
    position += BatchPrefix.byteCount
  }

  mutating func key(_ key: RecordID) {
    prefix(key.batch)
    buffer.storeBytes(of: key.row.bigEndian, toByteOffset: position, as: UInt32.self)
    position += 4
  }

  mutating func object(_ id: ObjectID) {
    id.store(to: buffer, at: position)
    position += ObjectID.byteCount
  }
}
