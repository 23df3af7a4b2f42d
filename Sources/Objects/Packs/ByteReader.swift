/// Where and why bytes from a file cannot be what they claim to be; the caller adds the path.
struct Damage: Error, Equatable {
  let offset: Int
  let reason: String
}

/// A cursor over bytes that nobody vouches for: every read is checked against the end, every sum against overflow.
struct ByteReader {
  let bytes: UnsafeRawBufferPointer
  private(set) var offset: Int
  let end: Int

  /// Reads the bytes of a range, which is cut to what there is.
  init(_ bytes: UnsafeRawBufferPointer, from start: Int = 0, to end: Int? = nil) {
    self.bytes = bytes
    self.end = min(max(end ?? bytes.count, 0), bytes.count)
    offset = min(max(start, 0), self.end)
  }

  /// Bytes not yet read.
  var remaining: Int { end - offset }

  mutating func byte() throws(Damage) -> UInt8 {
    guard offset < end else { throw Damage(offset: offset, reason: "cut off") }
    defer { offset += 1 }
    return bytes[offset]
  }

  mutating func take(_ count: Int) throws(Damage) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= remaining else { throw Damage(offset: offset, reason: "cut off") }
    defer { offset += count }
    return UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + count])
  }

  /// An unsigned LEB128 number (DWARF 5 section 7.6) that is at most `limit`, in its shortest form.
  mutating func number(limit: Int) throws(Damage) -> Int {
    let start = offset
    var value = 0
    var shift = 0
    while shift < 56 {
      let next = try byte()
      value |= Int(next & 0x7f) << shift
      if next & 0x80 == 0 {
        guard value <= limit else { throw Damage(offset: start, reason: "a length over the limit") }
        guard next != 0 || shift == 0 else { throw Damage(offset: start, reason: "a length in a long form") }
        return value
      }
      shift += 7
    }
    throw Damage(offset: start, reason: "a length over the limit")
  }
}

/// Appends unsigned LEB128 numbers.
extension [UInt8] {
  mutating func append(number: Int) {
    var rest = UInt(number)
    while rest >= 0x80 {
      append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    append(UInt8(rest))
  }
}
