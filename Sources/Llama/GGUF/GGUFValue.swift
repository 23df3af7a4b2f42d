/// The kinds of a metadata value. Source: `enum gguf_metadata_value_type` in the specification of GGUF.
public enum GGUFValueType: UInt32, Sendable, CaseIterable {
  case uint8 = 0
  case int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

  /// Bytes of a value; nil for strings and arrays, which say their own length.
  var byteWidth: Int? {
    switch self {
    case .uint8, .int8, .bool: 1
    case .uint16, .int16: 2
    case .uint32, .int32, .float32: 4
    case .uint64, .int64, .float64: 8
    case .string, .array: nil
    }
  }
}

/// One metadata value. Strings are bytes: tokens of a vocabulary need not be text.
public enum GGUFValue: Sendable, Equatable {
  case uint8(UInt8)
  case int8(Int8)
  case uint16(UInt16)
  case int16(Int16)
  case uint32(UInt32)
  case int32(Int32)
  case float32(Float)
  case bool(Bool)
  case string([UInt8])
  case array(GGUFArray)
  case uint64(UInt64)
  case int64(Int64)
  case float64(Double)

  /// A string of this text.
  public static func text(_ text: String) -> GGUFValue { .string(Array(text.utf8)) }

  /// The kind.
  public var type: GGUFValueType {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32: .int32
    case .float32: .float32
    case .bool: .bool
    case .string: .string
    case .array: .array
    case .uint64: .uint64
    case .int64: .int64
    case .float64: .float64
    }
  }

  /// A whole number of any width that an `Int` can hold, or nil.
  public var int: Int? {
    switch self {
    case .uint8(let value): Int(value)
    case .int8(let value): Int(value)
    case .uint16(let value): Int(value)
    case .int16(let value): Int(value)
    case .uint32(let value): Int(value)
    case .int32(let value): Int(value)
    case .uint64(let value): Int(exactly: value)
    case .int64(let value): Int(value)
    default: nil
    }
  }

  /// A number with a fraction, or nil.
  public var double: Double? {
    switch self {
    case .float32(let value): Double(value)
    case .float64(let value): value
    default: nil
    }
  }

  /// True, false or nil.
  public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

  /// A string's bytes, or nil.
  public var bytes: [UInt8]? { if case .string(let bytes) = self { bytes } else { nil } }

  /// A string's text; nil when it is none or not UTF-8.
  public var text: String? { bytes.flatMap { String(validating: $0, as: UTF8.self) } }

  /// An array, or nil.
  public var array: GGUFArray? { if case .array(let array) = self { array } else { nil } }
}

/// An array of metadata values, kept as the file has it: a vocabulary takes the bytes that it takes there.
public struct GGUFArray: Sendable, Equatable {
  /// Kind of the elements.
  public let type: GGUFValueType
  /// Number of elements.
  public let count: Int
  /// The elements one after the other, as in the file.
  let payload: [UInt8]

  /// An array of strings.
  public init(strings: [[UInt8]]) {
    var payload: [UInt8] = []
    for string in strings {
      payload.appendWord(UInt64(string.count))
      payload += string
    }
    self.init(type: .string, count: strings.count, payload: payload)
  }

  /// An array of single-precision numbers.
  public init(floats: [Float]) {
    var payload: [UInt8] = []
    for value in floats { payload.appendWord(value.bitPattern) }
    self.init(type: .float32, count: floats.count, payload: payload)
  }

  /// An array of 32-bit numbers.
  public init(int32s: [Int32]) {
    var payload: [UInt8] = []
    for value in int32s { payload.appendWord(value) }
    self.init(type: .int32, count: int32s.count, payload: payload)
  }

  init(type: GGUFValueType, count: Int, payload: [UInt8]) {
    self.type = type
    self.count = count
    self.payload = payload
  }

  /// The elements of an array of strings, or nil.
  public var strings: [[UInt8]]? {
    guard type == .string else { return nil }
    var strings: [[UInt8]] = []
    strings.reserveCapacity(count)
    var place = 0
    for _ in 0..<count {
      let length = payload.withUnsafeBytes {
        Int(UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
      }
      strings.append(Array(payload[place + 8..<place + 8 + length]))
      place += 8 + length
    }
    return strings
  }

  /// The elements of an array of single-precision numbers, or nil.
  public var floats: [Float]? {
    guard type == .float32 else { return nil }
    return payload.withUnsafeBytes { bytes in
      (0..<count).map {
        Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
      }
    }
  }

  /// The elements of an array of 32-bit numbers, or nil.
  public var int32s: [Int32]? {
    guard type == .int32 || type == .uint32 else { return nil }
    return payload.withUnsafeBytes { bytes in
      (0..<count).map { Int32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Int32.self)) }
    }
  }
}

/// One key and value of the metadata.
public struct GGUFEntry: Sendable, Equatable {
  /// The key, such as `general.architecture`.
  public var key: String
  /// Its value.
  public var value: GGUFValue

  /// An entry.
  public init(_ key: String, _ value: GGUFValue) {
    self.key = key
    self.value = value
  }
}

extension [UInt8] {
  /// Appends a number, lowest byte first.
  mutating func appendWord(_ word: some FixedWidthInteger) {
    Swift.withUnsafeBytes(of: word.littleEndian) { append(contentsOf: $0) }
  }
}
