/// Reads the head of a GGUF file front to back; every size is compared with what is left before it is used.
struct GGUFCursor {
  let bytes: UnsafeRawBufferPointer
  let path: String
  private(set) var place = 0

  /// Longest key (bytes). Source: the specification of GGUF.
  static let longestKey = 65_535
  /// Longest tensor name (bytes). Source: `GGML_MAX_NAME`, which ends strings with a zero.
  static let longestName = 64
  /// Most tensors, and most keys: far more than any model has, so that what is held of them stays small.
  static let mostEntries = 65_536
  /// Arrays inside one another. llama.cpp writes none.
  static let deepest = 4

  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    self.bytes = bytes
    self.path = path
  }

  /// Bytes not yet read.
  var left: Int { bytes.count - place }

  func refuse(_ reason: String, at offset: Int? = nil) -> GGUFError {
    .malformed(path: path, offset: offset ?? place, reason: reason)
  }

  /// The next number, lowest byte first.
  mutating func word<Word: FixedWidthInteger>(_ what: String, as type: Word.Type = Word.self) throws -> Word {
    let width = Word.bitWidth / 8
    guard width <= left else { throw refuse("the file ends inside \(what)") }
    defer { place += width }
    return Word(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Word.self))
  }

  /// A count of things that take at least `smallest` bytes each.
  mutating func count(_ what: String, smallest: Int) throws -> Int {
    let start = place
    let count = try word("the number of \(what)", as: UInt64.self)
    guard count <= UInt64(left / smallest) else {
      throw refuse("it claims \(count) \(what), which the \(left) bytes that follow cannot hold", at: start)
    }
    return Int(count)
  }

  /// A count of entries of the head.
  mutating func entryCount(_ what: String, smallest: Int) throws -> Int {
    let start = place
    let count = try count(what, smallest: smallest)
    guard count <= Self.mostEntries else {
      throw refuse("it has \(count) \(what); at most \(Self.mostEntries) are accepted", at: start)
    }
    return count
  }

  /// The next string's bytes.
  mutating func string(_ what: String, longest: Int = .max) throws -> [UInt8] {
    let start = place
    let length = try word("the length of \(what)", as: UInt64.self)
    guard length <= UInt64(longest) else {
      throw refuse("\(what) claims \(length) bytes; at most \(longest) are accepted", at: start)
    }
    guard length <= UInt64(left) else {
      throw refuse("\(what) claims \(length) bytes, but only \(left) follow", at: start)
    }
    defer { place += Int(length) }
    return Array(bytes[place..<place + Int(length)])
  }

  /// The next string, which must be ASCII, as the specification wants keys to be: two that differ in bytes then differ.
  mutating func text(_ what: String, longest: Int) throws -> String {
    let start = place
    let bytes = try string(what, longest: longest)
    guard bytes.allSatisfy({ 0x21...0x7E ~= $0 }) else {
      throw refuse("\(what) has a byte that is no printable ASCII character", at: start)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  mutating func valueType(_ what: String) throws -> GGUFValueType {
    let start = place
    let code = try word("the type of \(what)", as: UInt32.self)
    guard let type = GGUFValueType(rawValue: code) else {
      throw refuse("\(what) has value type \(code), which GGUF does not know", at: start)
    }
    return type
  }

  mutating func value(_ type: GGUFValueType, of what: String) throws -> GGUFValue {
    switch type {
    case .uint8: .uint8(try word(what))
    case .int8: .int8(try word(what))
    case .uint16: .uint16(try word(what))
    case .int16: .int16(try word(what))
    case .uint32: .uint32(try word(what))
    case .int32: .int32(try word(what))
    case .float32: .float32(Float(bitPattern: try word(what)))
    case .bool: .bool(try flag(what))
    case .string: .string(try string(what))
    case .array: .array(try array(what, depth: 1))
    case .uint64: .uint64(try word(what))
    case .int64: .int64(try word(what))
    case .float64: .float64(Double(bitPattern: try word(what)))
    }
  }

  private mutating func flag(_ what: String) throws -> Bool {
    let start = place
    switch try word(what, as: UInt8.self) {
    case 0: return false
    case 1: return true
    case let other:
      throw refuse("\(what) is a flag with value \(other); 0 and 1 are the only ones", at: start)
    }
  }

  /// Walks over an array so that its elements can be taken apart later without a check.
  private mutating func array(_ what: String, depth: Int) throws -> GGUFArray {
    guard depth <= Self.deepest else { throw refuse("\(what) nests arrays more than \(Self.deepest) deep") }
    let type = try valueType("the elements of \(what)")
    // The smallest string is its length, the smallest array its type and length.
    let count = try count("elements of \(what)", smallest: type.byteWidth ?? (type == .string ? 8 : 12))
    let start = place
    if let width = type.byteWidth {
      if type == .bool { for _ in 0..<count { _ = try flag(what) } } else { place += count * width }
    } else {
      for _ in 0..<count {
        if type == .array { _ = try array(what, depth: depth + 1) } else { try skipString(what) }
      }
    }
    return GGUFArray(type: type, count: count, payload: depth == 1 ? Array(bytes[start..<place]) : [])
  }

  private mutating func skipString(_ what: String) throws {
    let start = place
    let length = try word("a string of \(what)", as: UInt64.self)
    guard length <= UInt64(left) else {
      throw refuse("a string of \(what) claims \(length) bytes, but only \(left) follow", at: start)
    }
    place += Int(length)
  }
}
