/// Reads the fields of one message in protocol-buffer encoding; every length is checked against what is there.
///
/// Source: protobuf.dev, "Encoding".
struct ProtobufReader {
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case bytes(ArraySlice<UInt8>)
    case fixed32(UInt32)
  }

  /// Where a message breaks off or says something impossible.
  struct Malformed: Error {
    var offset: Int
    var reason: String
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// The next field, or nil at the end of the message.
  mutating func next() throws(Malformed) -> (field: Int, value: Value)? {
    guard position < bytes.endIndex else { return nil }
    let start = position
    let key = try varint()
    let field = key >> 3
    guard 1...0x1FFF_FFFF ~= field else {
      throw Malformed(offset: start, reason: "has the field number \(field)")
    }
    switch key & 7 {
    case 0: return (Int(field), .varint(try varint()))
    case 1: return (Int(field), .fixed64(try fixed(8)))
    case 2:
      let length = try varint()
      guard length <= UInt64(bytes.endIndex - position) else {
        throw Malformed(
          offset: start, reason: "has a field of \(length) bytes where \(bytes.endIndex - position) are left")
      }
      defer { position += Int(length) }
      return (Int(field), .bytes(bytes[position..<(position + Int(length))]))
    case 5: return (Int(field), .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
    case let type: throw Malformed(offset: start, reason: "has a field of the wire type \(type)")
    }
  }

  private mutating func varint() throws(Malformed) -> UInt64 {
    var value: UInt64 = 0
    let start = position
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard position < bytes.endIndex else {
        throw Malformed(offset: start, reason: "breaks off inside of a number")
      }
      let byte = bytes[position]
      position += 1
      // The tenth byte has room for one bit.
      guard shift < 63 || byte <= 1 else { break }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw Malformed(offset: start, reason: "has a number of more than 64 bits")
  }

  private mutating func fixed(_ count: Int) throws(Malformed) -> UInt64 {
    guard bytes.endIndex - position >= count else {
      throw Malformed(offset: position, reason: "breaks off inside of a number")
    }
    var value: UInt64 = 0
    for offset in 0..<count { value |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
    position += count
    return value
  }
}
