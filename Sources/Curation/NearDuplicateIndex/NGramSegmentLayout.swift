internal import CKernels

/// Where everything is in the bytes of a segment. All numbers are little-endian.
///
///     header      8 "MDNGRAMS", u32 format, u32 words of a gram, double threshold, u32 measure (0 Jaccard, 1 Dice, 2 overlap),
///                 u32 bits of the buckets, u32 bits of the order, u16 bytes of the tokenizer's name, u16 of the field's,
///                 u64 first item, items, postings, bytes of the sets, u64 checksums of items and index
///     names       tokenizer, field, in UTF-8
///                 u64 checksum of everything above
///     items       32 bytes of id for each; u64 where its set begins; sets (see `ck_gram_set`)
///     index       the order's bins u8, 2^bits; where each bucket's postings begin u32, 2^bits + 1; postings u64: item in the
///                 lowest 32 bits, then the place of the gram in its set's order and the set's size, 16 bits each, cut off
///
/// Each array begins at a multiple of 64. Offsets follow from the counts, so a file has none that could be wrong.
struct NGramSegmentLayout {
  static let magic: [UInt8] = Array("MDNGRAMS".utf8)
  static let format: UInt32 = 2
  static let fixed = 88

  /// What decides where everything is.
  struct Counts {
    var nameBytes: Int
    var items: Int
    var setBytes: Int
    var orderBits: Int
    var bucketBits: Int
    var postings: Int
  }

  let counts: Counts
  let headerEnd: Int
  let ids: Int
  let places: Int
  let sets: Int
  let bins: Int
  let starts: Int
  let entries: Int
  let total: Int

  /// - Throws: ``SegmentError/tooLarge``.
  init(_ counts: Counts) throws(SegmentError) {
    // 2^46 bytes of sets: far from what overflows.
    guard (0...510).contains(counts.nameBytes), (0..<Int(UInt32.max)).contains(counts.items),
      (0..<1 << 46).contains(counts.setBytes), (1...24).contains(counts.orderBits),
      (1...28).contains(counts.bucketBits), (0..<Int(UInt32.max)).contains(counts.postings)
    else { throw .tooLarge }
    func aligned(_ offset: Int) -> Int { (offset + 63) / 64 * 64 }
    self.counts = counts
    headerEnd = Self.fixed + counts.nameBytes + 8
    ids = aligned(headerEnd)
    places = aligned(ids + 32 * counts.items)
    sets = aligned(places + 8 * counts.items)
    bins = aligned(sets + counts.setBytes)
    starts = aligned(bins + 1 << counts.orderBits)
    entries = aligned(starts + 4 * (1 << counts.bucketBits + 1))
    total = aligned(entries + 8 * counts.postings)
  }

  /// Items and index with all that fills up: every byte after the header is in one.
  var sections: [Range<Int>] { [headerEnd..<bins, bins..<total] }
}
