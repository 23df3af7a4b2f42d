/// The order of grams that all segments of an index share, fixed when the index begins: were it to follow what is added,
/// two items could be looked for by different grams, and missed.
///
/// As bytes, little-endian: `MDGRAMOR`, version, n, bits of the table and zero (4 bytes each), the table's fingerprint (8),
/// the table.
public struct NGramIndexOrder: Sendable {
  static let magic: [UInt8] = Array("MDGRAMOR".utf8)
  static let version: UInt32 = 1
  private static let header = 32
  /// Bits of the largest table.
  private static let largest = 24

  /// Words of a gram.
  public let n: Int
  let order: GramOrder
  /// What segments name it by.
  let fingerprint: UInt64

  /// An order that suits lists like these: grams frequent among them come last. Every order gives the same results.
  public init(sampling lists: TokenLists, n: Int) {
    self.n = n
    let corpus = TokenCorpus([lists])
    order = GramOrder(sampling: corpus, n: n, scratch: GramScratch(longest: corpus.longest(n: n)))
    fingerprint = Self.table(order).fingerprint()
  }

  /// Reads an order.
  ///
  /// - Throws: ``NGramIndexError``.
  public init(decoding bytes: UnsafeRawBufferPointer) throws(NGramIndexError) {
    guard bytes.count >= Self.header, bytes.prefix(8).elementsEqual(Self.magic) else { throw .notAnIndex }
    let version = bytes.little(8, as: UInt32.self)
    guard version == Self.version else { throw .version(found: version, expected: Self.version) }
    n = Int(bytes.little(12, as: UInt32.self))
    guard NGramSimilarity.gramLengths.contains(n) else {
      throw .damaged(offset: 12, reason: "grams of \(n) words")
    }
    let bits = Int(bytes.little(16, as: UInt32.self))
    guard (1...Self.largest).contains(bits), bytes.count == Self.header + 1 << bits else {
      throw .damaged(offset: 16, reason: "a table of another size than the bytes")
    }
    let bins = Pages<UInt8>(1 << bits)
    UnsafeMutableRawPointer(bins.base).copyMemory(
      from: UnsafeRawBufferPointer(rebasing: bytes[Self.header...]).baseAddress
        ?? UnsafeRawPointer(bins.base),
      byteCount: 1 << bits)
    order = GramOrder(bins: bins, bits: bits)
    fingerprint = Self.table(order).fingerprint()
    guard fingerprint == bytes.little(24, as: UInt64.self) else {
      throw .damaged(offset: 24, reason: "the table is not the one that was written")
    }
    // What any table must have: 0, or 128 and above.
    for bin in Self.table(order) where (1..<128).contains(bin) {
      throw .damaged(offset: Self.header, reason: "a bin that there is not")
    }
  }

  /// The order as bytes.
  public func encoded() -> [UInt8] {
    var bytes = Self.magic
    for number in [Self.version, UInt32(n), UInt32(order.bits), 0] { bytes.append(little: number) }
    bytes.append(little: fingerprint)
    bytes.append(contentsOf: Self.table(order))
    return bytes
  }

  private static func table(_ order: GramOrder) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: order.bins.base, count: order.bins.count)
  }
}
