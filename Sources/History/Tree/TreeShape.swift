import Records

/// Where the nodes of a tree end: a function of the keys alone, so that equal entries make equal trees whatever
/// order they arrived in.
enum TreeShape {
  /// A level's nodes hold 2^5 items on average.
  static let bitsPerLevel = 5
  /// No key can end a node of this level: 64 hash bits are used up by the levels below.
  static let highestLevel = 12

  /// The number of levels (counted from the leaves) whose node `key` ends: 0 for 31 of 32 keys.
  @inline(__always)
  static func levelsEnded(by key: RecordID) -> Int {
    let low = UInt64(key.batch.low) << 32 | UInt64(key.row)
    return mix(key.batch.high ^ mix(low)).trailingZeroBitCount / bitsPerLevel
  }

  /// The 64-bit finaliser of MurmurHash3 (Appleby, public domain): a bijection with full avalanche.
  @inline(__always)
  static func mix(_ value: UInt64) -> UInt64 {
    var hash = value
    hash ^= hash >> 33
    hash &*= 0xff51_afd7_ed55_8ccd
    hash ^= hash >> 33
    hash &*= 0xc4ce_b9fe_1a85_ec53
    hash ^= hash >> 33
    return hash
  }
}
