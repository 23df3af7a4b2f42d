/// The tokens of a model: id to bytes, and bytes to id.
struct Vocabulary: Sendable {
  private var strings = ByteStrings()
  /// Open addressing over the tokens that are looked up: id + 1, or 0 for an empty slot.
  private var slots: [UInt32] = []

  /// One past the highest id.
  var count: Int { strings.count }

  /// Tokens in the order of their ids; no bytes are a hole in the numbering. Of equal ones that are looked up, the
  /// first is found.
  init(_ tokens: [(bytes: [UInt8], isLookedUp: Bool)]) {
    var size = 16
    while size < tokens.count * 2 { size *= 2 }
    slots = [UInt32](repeating: 0, count: size)
    for (id, token) in tokens.enumerated() {
      strings.append(token.bytes)
      guard token.isLookedUp else { continue }
      var slot = token.bytes.withUnsafeBufferPointer { Self.hash($0) } & (size - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = UInt32(id) + 1
    }
  }

  /// The bytes of a token; none for an id outside of the vocabulary.
  subscript(id: Int) -> ArraySlice<UInt8> { strings[id] }

  /// The token with exactly these bytes.
  func id(of piece: UnsafeBufferPointer<UInt8>) -> Int32? {
    let mask = slots.count - 1
    var slot = Self.hash(piece) & mask
    while slots[slot] != 0 {
      let id = Int(slots[slot] - 1)
      if strings.equals(id, piece) { return Int32(id) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// FNV-1a; the table is built from the model's own file, so collisions only cost time to its owner.
  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return Int(truncatingIfNeeded: hash ^ hash >> 32)
  }
}
