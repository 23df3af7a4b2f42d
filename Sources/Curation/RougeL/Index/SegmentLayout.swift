internal import CKernels

/// Where everything is in the bytes of a segment. All numbers are little-endian.
///
///     header      8 "mdrougeL", u32 format, u32 signatures, u64 first item, items, first word, words, bytes of words,
///                 u16 bytes of the tokenizer's name, u16 of the field's, u32 buckets,
///                 u64 checksums of buckets, ids and vocabulary
///     names       tokenizer, field, in UTF-8
///     table       for each bucket u64 length, u64 lists; the shortest first
///                 u64 checksum of everything above
///     buckets     for each: signatures, checks, tokens, numbers, groups (see `ck_bucket`)
///     ids         32 bytes for each item
///     vocabulary  slots u32: 0 or 1 + a word, found from its hash on; offsets u32, one more than words; spellings
///
/// Each array begins at a multiple of 64. Offsets follow from the counts, so a file has none that could be wrong.
struct SegmentLayout {
  struct Bucket {
    let length: Int
    let count: Int
    let signatures: Int
    let checks: Int
    let tokens: Int
    let numbers: Int
    let groups: Int
  }

  static let magic: [UInt8] = Array("mdrougeL".utf8)
  static let format: UInt32 = 1
  static let fixed = 88

  let names: Range<Int>
  let table: Range<Int>
  let buckets: [Bucket]
  let ids: Range<Int>
  let slots: Range<Int>
  let offsets: Range<Int>
  let spellings: Range<Int>
  let total: Int

  /// Buckets, ids and vocabulary with all that fills up: every byte after the header is in one.
  let sections: [Range<Int>]
  /// How many places the hash table has; a power of two.
  let slotCount: Int

  /// - Throws: ``SegmentError/tooLarge`` when it does not fit into an address.
  init(
    nameBytes: Int, buckets counts: [(length: Int, count: Int)], items: Int, words: Int, spellingBytes: Int
  ) throws(SegmentError) {
    var place = Cursor()
    _ = try place.take(Self.fixed, 1)
    names = try place.take(nameBytes, 1)
    table = try place.take(counts.count, 16)
    _ = try place.take(1, 8)
    let headerEnd = place.offset
    try place.align()
    var buckets: [Bucket] = []
    buckets.reserveCapacity(counts.count)
    for (length, count) in counts {
      let vectors = (count + CK_SIGNATURE_LANES - 1) / CK_SIGNATURE_LANES
      let signatures = try place.array(vectors, 8 * CK_SIGNATURE_LANES * ck_signature_words(length))
      let checks = try place.array(count, 8 * ck_check_words(length))
      let (tokenBytes, overflow) = length.multipliedReportingOverflow(by: 4)
      guard !overflow else { throw .tooLarge }
      let tokens = try place.array(count, tokenBytes)
      let numbers = try place.array(count, 4)
      let groups = try place.array(count, 4)
      buckets.append(
        Bucket(
          length: length, count: count, signatures: signatures.lowerBound, checks: checks.lowerBound,
          tokens: tokens.lowerBound, numbers: numbers.lowerBound, groups: groups.lowerBound))
    }
    self.buckets = buckets
    let bucketsEnd = place.offset
    ids = try place.array(items, 32)
    slotCount = try Self.slots(words)
    slots = try place.array(slotCount, 4)
    offsets = try place.array(words + 1, 4)
    spellings = try place.array(spellingBytes, 1)
    total = place.offset
    sections = [headerEnd..<bucketsEnd, bucketsEnd..<slots.lowerBound, slots.lowerBound..<total]
  }

  /// At most half of them are taken.
  private static func slots(_ words: Int) throws(SegmentError) -> Int {
    guard words >= 0, words < Int(UInt32.max) else { throw .tooLarge }
    var slots = 2
    while slots < 2 * words { slots *= 2 }
    return slots
  }

  private struct Cursor {
    var offset = 0

    mutating func take(_ count: Int, _ size: Int) throws(SegmentError) -> Range<Int> {
      let (bytes, tooMany) = count.multipliedReportingOverflow(by: size)
      let (end, tooFar) = offset.addingReportingOverflow(bytes)
      guard count >= 0, size >= 0, !tooMany, !tooFar else { throw .tooLarge }
      defer { offset = end }
      return offset..<end
    }

    mutating func array(_ count: Int, _ size: Int) throws(SegmentError) -> Range<Int> {
      let range = try take(count, size)
      try align()
      return range
    }

    mutating func align() throws(SegmentError) { _ = try take((64 - offset % 64) % 64, 1) }
  }
}
