/// The distinct tokens of a collection of texts, numbered in the order in which they first came.
///
/// An open-addressing hash table over one arena of bytes. Tokens of up to eight bytes, which most are, are compared
/// within the table. The numbers depend on nothing but the order; the hash is keyed, so that nobody can choose tokens
/// that collide.
public struct Lexicon: Sendable {
  /// One place of the table.
  private struct Slot {
    /// The token itself, if it has at most eight bytes, the first lowest; else its hash.
    var key: UInt64 = 0
    var id: UInt32 = 0
    /// The length of the token and one, at most 2³² − 1; 0 says that the place is free.
    var size: UInt32 = 0
  }

  private let seed: UInt64
  private var slots: [Slot]
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  /// No tokens.
  /// - Parameter seed: keys the hash; changes how fast a look-up is, never what it finds.
  public init(seed: UInt64 = .random(in: .min ... .max)) {
    self.seed = seed
    slots = [Slot](repeating: Slot(), count: 1 << 6)
  }

  /// The number of tokens, at most 2³² − 1: ids are all the numbers below.
  public var count: Int { ends.count }

  /// The UTF-8 of a token.
  /// - Parameter id: below ``count``.
  public subscript(_ id: UInt32) -> ArraySlice<UInt8> {
    bytes[(id == 0 ? 0 : ends[Int(id) - 1])..<ends[Int(id)]]
  }

  /// The id of a token, a new one if it is new.
  public mutating func id(of token: UnsafeBufferPointer<UInt8>) -> UInt32 { id(of: token, lowering: 0) }

  /// The id of a token, or nil when it is none of these.
  public func existingID(of token: UnsafeBufferPointer<UInt8>) -> UInt32? {
    guard let base = token.baseAddress else { return nil }
    let found =
      token.count <= 8
      ? place(of: ASCIIRun.load(base, at: 0, end: token.count), count: token.count)
      : longPlace(
        of: base, count: token.count, hash: hash(base, count: token.count, lowering: 0), lowering: 0)
    return slots[found].size == 0 ? nil : slots[found].id
  }

  /// The id of a run of ASCII letters and digits in lower case.
  @inline(__always)
  mutating func id(ofRun run: UnsafeBufferPointer<UInt8>) -> UInt32 {
    id(of: run, lowering: ASCIIRun.lowering)
  }

  /// The id of a token of at most eight bytes.
  @inline(__always)
  mutating func id(of word: UInt64, count: Int) -> UInt32 {
    let place = place(of: word, count: count)
    let slot = slots.withUnsafeBufferPointer { $0[place] }
    return slot.size != 0 ? slot.id : add(word, count: count, at: place)
  }

  /// - Parameter lowering: bits that are set in every eight bytes.
  private mutating func id(of token: UnsafeBufferPointer<UInt8>, lowering: UInt64) -> UInt32 {
    guard let base = token.baseAddress, token.count > 8 else {
      let word = token.baseAddress.map { ASCIIRun.load($0, at: 0, end: token.count) } ?? 0
      guard lowering != 0, !token.isEmpty else { return id(of: word, count: token.count) }
      return id(of: ASCIIRun.lowered(word, count: token.count), count: token.count)
    }
    let hash = hash(base, count: token.count, lowering: lowering)
    let place = longPlace(of: base, count: token.count, hash: hash, lowering: lowering)
    let slot = slots.withUnsafeBufferPointer { $0[place] }
    if slot.size != 0 { return slot.id }
    bytes.append(contentsOf: token.lazy.map { $0 | UInt8(truncatingIfNeeded: lowering) })
    return add(Slot(key: hash, size: Self.size(token.count)), at: place)
  }

  private mutating func add(_ word: UInt64, count: Int, at place: Int) -> UInt32 {
    withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0.prefix(count)) }
    return add(Slot(key: word, size: Self.size(count)), at: place)
  }

  /// Puts a token whose bytes are in the arena already in a free place.
  private mutating func add(_ slot: Slot, at place: Int) -> UInt32 {
    let id = UInt32(ends.count)
    ends.append(bytes.count)
    slots[place] = slot
    slots[place].id = id
    if ends.count * 2 > slots.count { grow() }
    return id
  }

  private mutating func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    for slot in old where slot.size != 0 {
      var place = slot.size <= 9 ? home(slot.key, count: Int(slot.size) - 1) : longHome(slot.key)
      while slots[place].size != 0 { place = (place + 1) & (slots.count - 1) }
      slots[place] = slot
    }
  }

  /// Where a short token is or could be put.
  @inline(__always)
  private func place(of word: UInt64, count: Int) -> Int {
    let size = UInt32(truncatingIfNeeded: count &+ 1)
    var place = home(word, count: count)
    return slots.withUnsafeBufferPointer { slots in
      while slots[place].size != 0, slots[place].key != word || slots[place].size != size {
        place = (place &+ 1) & (slots.count &- 1)
      }
      return place
    }
  }

  /// Where a token of more than eight bytes is or could be put.
  @inline(__always)
  private func longPlace(
    of token: UnsafePointer<UInt8>, count: Int, hash: UInt64, lowering: UInt64
  ) -> Int {
    let size = Self.size(count)
    var place = longHome(hash)
    return slots.withUnsafeBufferPointer { slots in
      while slots[place].size != 0 {
        if slots[place].key == hash, slots[place].size == size,
          isEqual(slots[place].id, token, count: count, lowering: lowering)
        {
          break
        }
        place = (place &+ 1) & (slots.count &- 1)
      }
      return place
    }
  }

  @inline(__always)
  private func isEqual(
    _ id: UInt32, _ token: UnsafePointer<UInt8>, count: Int, lowering: UInt64
  ) -> Bool {
    let start = id == 0 ? 0 : ends[Int(id) - 1]
    // Sizes are clamped.
    guard ends[Int(id)] - start == count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      guard let base = bytes.baseAddress else { return false }
      var position = 0
      while true {
        guard Self.word(base + start + position) == Self.word(token + position) | lowering else {
          return false
        }
        if position == count &- 8 { return true }
        position = min(position &+ 8, count &- 8)
      }
    }
  }

  @inline(__always)
  private func home(_ word: UInt64, count: Int) -> Int {
    Int(truncatingIfNeeded: Self.fold(word ^ seed, Self.factor &+ UInt64(truncatingIfNeeded: count) &* 2))
      & (slots.count &- 1)
  }

  @inline(__always)
  private func longHome(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (slots.count &- 1) }

  /// The hash of a token of more than eight bytes, the last eight of which may be read a second time.
  @inline(__always)
  private func hash(_ token: UnsafePointer<UInt8>, count: Int, lowering: UInt64) -> UInt64 {
    var hash = seed ^ UInt64(truncatingIfNeeded: count)
    var position = 0
    while true {
      hash = Self.fold(hash ^ (Self.word(token + position) | lowering), Self.factor) ^ seed
      if position == count &- 8 { return hash }
      position = min(position &+ 8, count &- 8)
    }
  }

  private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// The folded product of the wyhash family (Wang Yi, 2019): the two halves of 128 bits, combined.
  @inline(__always)
  private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }

  @inline(__always)
  private static func word(_ bytes: UnsafePointer<UInt8>) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
  }

  @inline(__always)
  private static func size(_ count: Int) -> UInt32 { UInt32(clamping: count &+ 1) }
}
