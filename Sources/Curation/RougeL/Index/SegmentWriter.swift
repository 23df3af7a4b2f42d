internal import CKernels
internal import Records

/// Writes the bytes of a segment.
struct SegmentWriter {
  let parameters: RougeLIndexParameters
  let firstItem: Int
  let firstWord: Int
  /// Items in buckets, numbered from 0.
  let pool: GrowingPool
  let ids: [ObjectID]
  let spellings: [[UInt8]]

  /// - Throws: ``SegmentError/tooLarge``.
  func bytes() throws(SegmentError) -> [UInt8] {
    let names = [Array(parameters.tokenizer.utf8), Array(parameters.field.utf8)]
    let buckets = pool.buckets.filter { $0.count > 0 }
    let spellingBytes = spellings.reduce(0) { $0 + $1.count }
    guard names.allSatisfy({ $0.count < 256 }), spellingBytes < Int(UInt32.max),
      firstItem + ids.count < Int(UInt32.max), firstWord + spellings.count < Int(UInt32.max)
    else { throw .tooLarge }
    let layout = try SegmentLayout(
      nameBytes: names[0].count + names[1].count, buckets: buckets.map { ($0.length, $0.count) },
      items: ids.count, words: spellings.count, spellingBytes: spellingBytes)
    return [UInt8](unsafeUninitializedCapacity: layout.total) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: layout.total)
      bytes.initializeMemory(as: UInt8.self, repeating: 0)
      write(buckets, layout, to: bytes)
      for (item, id) in ids.enumerated() { id.store(to: bytes, at: layout.ids.lowerBound + 32 * item) }
      writeVocabulary(layout, to: bytes)
      writeHeader(names, layout, to: bytes)
      count = layout.total
    }
  }

  private func write(_ buckets: [ck_bucket], _ layout: SegmentLayout, to bytes: UnsafeMutableRawBufferPointer)
  {
    func copy<Element>(_ source: UnsafePointer<Element>?, _ range: Range<Int>) {
      guard let source, !range.isEmpty else { return }
      bytes[range].copyBytes(from: UnsafeRawBufferPointer(start: source, count: range.count))
    }
    for (bucket, place) in zip(buckets, layout.buckets) {
      let lanes = CK_SIGNATURE_LANES
      let vectors = (place.count + lanes - 1) / lanes
      let signatureBytes = 8 * lanes * vectors * ck_signature_words(place.length)
      copy(bucket.signatures, place.signatures..<place.signatures + signatureBytes)
      copy(bucket.checks, place.checks..<place.checks + 8 * place.count * ck_check_words(place.length))
      copy(bucket.tokens, place.tokens..<place.tokens + 4 * place.count * place.length)
      copy(bucket.numbers, place.numbers..<place.numbers + 4 * place.count)
      copy(bucket.groups, place.groups..<place.groups + 4 * place.count)
    }
  }

  private func writeVocabulary(_ layout: SegmentLayout, to bytes: UnsafeMutableRawBufferPointer) {
    func store(_ value: Int, _ offset: Int) {
      bytes.storeBytes(of: UInt32(value).littleEndian, toByteOffset: offset, as: UInt32.self)
    }
    var end = 0
    for (word, spelling) in spellings.enumerated() {
      let place = layout.spellings.lowerBound + end
      bytes[place..<place + spelling.count].copyBytes(from: spelling)
      end += spelling.count
      store(end, layout.offsets.lowerBound + 4 * (word + 1))
      var slot = Int(truncatingIfNeeded: spelling.withUnsafeBytes { RougeLSegment.hash($0) })
      while true {
        slot &= layout.slotCount - 1
        let offset = layout.slots.lowerBound + 4 * slot
        if bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self) == 0 {
          store(word + 1, offset)
          break
        }
        slot += 1
      }
    }
  }

  private func writeHeader(
    _ names: [[UInt8]], _ layout: SegmentLayout, to bytes: UnsafeMutableRawBufferPointer
  ) {
    var header = SegmentLayout.magic
    func append(_ value: some FixedWidthInteger) {
      withUnsafeBytes(of: value.littleEndian) { header.append(contentsOf: $0) }
    }
    append(SegmentLayout.format)
    append(UInt32(CK_SIGNATURE_VERSION))
    for count in [firstItem, ids.count, firstWord, spellings.count, layout.spellings.count] {
      append(UInt64(count))
    }
    for name in names { append(UInt16(name.count)) }
    append(UInt32(layout.buckets.count))
    for range in layout.sections {
      append(SegmentChecksum.of(UnsafeRawBufferPointer(rebasing: bytes[range])))
    }
    for name in names { header += name }
    for bucket in layout.buckets {
      append(UInt64(bucket.length))
      append(UInt64(bucket.count))
    }
    let checksum = header.withUnsafeBytes { SegmentChecksum.of($0) }
    append(checksum)
    bytes.copyBytes(from: header)
  }
}
