/// The content address of an object: SHA-256 over its kind's preamble and its canonical bytes, 32 bytes.
///
/// Two pairs with equal ids are byte-equal. Shown as lower-case hex, shortened to the shortest unique prefix
/// of at least eight digits. It does not convert to a ``RecordID``, which survives edits.
public struct ObjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The first eight bytes as a big-endian number; with the other words it orders ids as their bytes do.
  public let word0: UInt64
  /// The next eight bytes.
  public let word1: UInt64
  let word2: UInt64
  let word3: UInt64

  /// Length of an id in bytes.
  public static let byteCount = 32

  /// Reads 32 raw bytes. Returns nil for any other length.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for (position, byte) in bytes.enumerated() {
      switch position >> 3 {
      case 0: words.0 = words.0 << 8 | UInt64(byte)
      case 1: words.1 = words.1 << 8 | UInt64(byte)
      case 2: words.2 = words.2 << 8 | UInt64(byte)
      default: words.3 = words.3 << 8 | UInt64(byte)
      }
    }
    (word0, word1, word2, word3) = words
  }

  /// Reads 32 raw bytes at `offset` of a buffer that holds at least `offset + 32` bytes.
  public init(loading buffer: UnsafeRawBufferPointer, at offset: Int = 0) {
    word0 = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    word1 = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
    word2 = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self))
    word3 = UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self))
  }

  /// Reads 64 hex digits. Returns nil for anything else.
  public init?(hex: String) {
    var digits = hex
    if let id = digits.withUTF8({ ObjectID(lowercaseHex: $0) }) {
      self = id
      return
    }
    guard let bytes = Hex.decode(hex) else { return nil }
    self.init(bytes: bytes)
  }

  /// Parses 64 lower-case hex digits, as in the names of files; nil for anything else.
  public init?(lowercaseHex digits: UnsafeBufferPointer<UInt8>) {
    guard digits.count == 2 * Self.byteCount else { return nil }
    var isHex = true
    func word(_ number: Int) -> UInt64 {
      var word: UInt64 = 0
      for position in 16 * number..<16 * number + 16 {
        let digit = digits[position] &- UInt8(ascii: "0")
        let letter = digits[position] &- UInt8(ascii: "a")
        isHex = isHex && (digit < 10 || letter < 6)
        word = word << 4 | UInt64(digit < 10 ? digit : letter &+ 10)
      }
      return word
    }
    let words = (word(0), word(1), word(2), word(3))
    guard isHex else { return nil }
    (word0, word1, word2, word3) = words
  }

  /// The 32 raw bytes.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Self.byteCount) { buffer, count in
      store(to: UnsafeMutableRawBufferPointer(buffer))
      count = Self.byteCount
    }
  }

  /// Writes the 32 raw bytes at `offset` of a buffer that has room for them.
  public func store(to buffer: UnsafeMutableRawBufferPointer, at offset: Int = 0) {
    buffer.storeBytes(of: word0.bigEndian, toByteOffset: offset, as: UInt64.self)
    buffer.storeBytes(of: word1.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
    buffer.storeBytes(of: word2.bigEndian, toByteOffset: offset + 16, as: UInt64.self)
    buffer.storeBytes(of: word3.bigEndian, toByteOffset: offset + 24, as: UInt64.self)
  }

  /// All 64 hex digits.
  public var hex: String { Hex.encode(bytes) }

  public var description: String { hex }

  public static func < (left: ObjectID, right: ObjectID) -> Bool {
    if left.word0 != right.word0 { return left.word0 < right.word0 }
    if left.word1 != right.word1 { return left.word1 < right.word1 }
    if left.word2 != right.word2 { return left.word2 < right.word2 }
    return left.word3 < right.word3
  }

  public func hash(into hasher: inout Hasher) {
    // The id is already a uniform hash: one word of it is enough.
    hasher.combine(word0)
  }
}
