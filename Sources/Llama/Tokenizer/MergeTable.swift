/// The merges of a BPE model: a pair of token ids to its rank and to the token it becomes.
struct MergeTable: Sendable {
  /// A rank that no merge has.
  static let none = UInt64.max

  /// A pair of tokens that becomes one; the lowest rank is merged first, the leftmost of equal ranks.
  struct Merge: Sendable, Equatable {
    var left: Int32
    var right: Int32
    var merged: Int32
    var rank: UInt32
  }

  private var keys: [UInt64]
  private var values: [UInt64]
  private let shift: UInt64

  /// Merges in the order of their ranks; a pair that comes again takes its last rank, as in the reference.
  init(_ merges: [(left: Int32, right: Int32, merged: Int32)]) {
    self.init(
      ranked: merges.enumerated().map {
        Merge(
          left: $0.element.left, right: $0.element.right, merged: $0.element.merged,
          rank: UInt32(clamping: $0.offset))
      })
  }

  /// Merges with their ranks, which several may share; a pair that comes again takes its last rank.
  init(ranked merges: [Merge]) {
    var bits: UInt64 = 4
    while 1 << bits < merges.count * 2 { bits += 1 }
    keys = [UInt64](repeating: .max, count: 1 << Int(bits))
    values = [UInt64](repeating: Self.none, count: keys.count)
    shift = 64 - bits
    for merge in merges {
      let key = Self.key(merge.left, merge.right)
      var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
      while keys[slot] != .max, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
      keys[slot] = key
      values[slot] = UInt64(merge.rank) << 32 | UInt64(UInt32(bitPattern: merge.merged))
    }
  }

  @inline(__always)
  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// Rank (upper half) and merged token (lower half) of a pair, or `none`. The lower rank is merged first.
  @inline(__always)
  func lookup(_ left: Int32, _ right: Int32) -> UInt64 {
    let key = Self.key(left, right)
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while true {
      let found = keys[slot]
      if found == key { return values[slot] }
      if found == .max { return Self.none }
      slot = (slot + 1) & (keys.count - 1)
    }
  }
}
