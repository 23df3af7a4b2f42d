internal import CKernels

/// The header of a segment, read from bytes that nobody vouches for.
struct SegmentHeader {
  let parameters: RougeLIndexParameters
  let items: Range<Int>
  let words: Range<Int>
  let layout: SegmentLayout
  let checksums: [UInt64]

  init(_ bytes: UnsafeRawBufferPointer) throws(SegmentError) {
    guard bytes.count >= SegmentLayout.fixed, bytes.starts(with: SegmentLayout.magic) else {
      throw .damaged("no header of a ROUGE-L segment")
    }
    func u16(_ offset: Int) -> Int {
      Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    }
    func u32(_ offset: Int) -> UInt32 {
      UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    func u64(_ offset: Int) -> UInt64 {
      UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }
    func count(_ offset: Int) throws(SegmentError) -> Int {
      let value = u64(offset)
      guard value < UInt64(UInt32.max) else { throw .damaged("a count of \(value) in the header") }
      return Int(value)
    }
    guard u32(8) == SegmentLayout.format else {
      throw .version(found: u32(8), supported: SegmentLayout.format)
    }
    let signatures = UInt32(CK_SIGNATURE_VERSION)
    guard u32(12) == signatures else { throw .version(found: u32(12), supported: signatures) }
    let first = try count(16)
    let itemCount = try count(24)
    let firstWord = try count(32)
    let wordCount = try count(40)
    let spellingBytes = try count(48)
    let tokenizerBytes = u16(56)
    let fieldBytes = u16(58)
    let bucketCount = Int(u32(60))
    guard first + itemCount < Int(UInt32.max), firstWord + wordCount < Int(UInt32.max) else {
      throw .damaged("more items or words than 32 bits count")
    }
    let tableStart = SegmentLayout.fixed + tokenizerBytes + fieldBytes
    let tableEnd = tableStart + 16 * bucketCount
    guard tableEnd + 8 <= bytes.count else { throw .damaged("it ends within its header") }
    guard u64(tableEnd) == SegmentChecksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<tableEnd])) else {
      throw .damaged("the checksum of the header is wrong")
    }
    var counts: [(length: Int, count: Int)] = []
    counts.reserveCapacity(bucketCount)
    var total = 0
    for bucket in 0..<bucketCount {
      let length = try count(tableStart + 16 * bucket)
      let count = try count(tableStart + 16 * bucket + 8)
      guard count > 0, length > counts.last?.length ?? -1 else { throw .damaged("buckets out of order") }
      total += count
      counts.append((length, count))
    }
    guard total == itemCount else { throw .damaged("buckets do not add up to the items") }
    layout = try SegmentLayout(
      nameBytes: tokenizerBytes + fieldBytes, buckets: counts, items: itemCount, words: wordCount,
      spellingBytes: spellingBytes)
    guard layout.total == bytes.count else {
      throw .damaged("\(bytes.count) bytes where the header tells of \(layout.total)")
    }
    parameters = RougeLIndexParameters(
      tokenizer: String(
        decoding: bytes[SegmentLayout.fixed..<SegmentLayout.fixed + tokenizerBytes], as: UTF8.self),
      field: String(decoding: bytes[SegmentLayout.fixed + tokenizerBytes..<tableStart], as: UTF8.self))
    items = first..<first + itemCount
    words = firstWord..<firstWord + wordCount
    checksums = [u64(64), u64(72), u64(80)]
  }
}
