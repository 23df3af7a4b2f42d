/// The header of a segment, read from bytes that nobody vouches for.
struct NGramSegmentHeader {
  let parameters: NGramIndexParameters
  let items: Range<Int>
  let layout: NGramSegmentLayout
  let checksums: [UInt64]

  init(_ bytes: UnsafeRawBufferPointer) throws(SegmentError) {
    guard bytes.count >= NGramSegmentLayout.fixed, bytes.starts(with: NGramSegmentLayout.magic) else {
      throw .damaged("no header of a segment of n-grams")
    }
    func number<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, _ type: Value.Type) -> Value {
      Value(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
    }
    let format = number(8, UInt32.self)
    guard format == NGramSegmentLayout.format else {
      throw .version(found: format, supported: NGramSegmentLayout.format)
    }
    let tokenizerBytes = Int(number(36, UInt16.self))
    let fieldBytes = Int(number(38, UInt16.self))
    let namesEnd = NGramSegmentLayout.fixed + tokenizerBytes + fieldBytes
    guard namesEnd + 8 <= bytes.count else { throw .damaged("it ends within its header") }
    guard
      number(namesEnd, UInt64.self)
        == SegmentChecksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<namesEnd]))
    else { throw .damaged("the checksum of the header is wrong") }
    let first = Int(clamping: number(40, UInt64.self))
    do {
      layout = try NGramSegmentLayout(
        .init(
          nameBytes: tokenizerBytes + fieldBytes, items: Int(clamping: number(48, UInt64.self)),
          setBytes: Int(clamping: number(64, UInt64.self)), orderBits: Int(number(32, UInt32.self)),
          bucketBits: Int(number(28, UInt32.self)), postings: Int(clamping: number(56, UInt64.self))))
    } catch {
      throw .damaged("more in the header than there can be")
    }
    guard layout.total == bytes.count else {
      throw .damaged("\(bytes.count) bytes where the header tells of \(layout.total)")
    }
    guard first < Int(UInt32.max) - layout.counts.items else {
      throw .damaged("more items than 32 bits count")
    }
    items = first..<first + layout.counts.items
    checksums = [number(72, UInt64.self), number(80, UInt64.self)]
    let measures = NGramSimilarity.Measure.allCases
    let measure = Int(number(24, UInt32.self))
    guard measures.indices.contains(measure),
      let similarity = try? NGramSimilarity(
        n: Int(number(12, UInt32.self)), measure: measures[measure],
        threshold: Double(bitPattern: number(16, UInt64.self)))
    else { throw .damaged("a similarity that there is not") }
    func name(_ start: Int, _ count: Int) -> String {
      String(decoding: bytes[start..<start + count], as: UTF8.self)
    }
    parameters = NGramIndexParameters(
      similarity: similarity, tokenizer: name(NGramSegmentLayout.fixed, tokenizerBytes),
      field: name(NGramSegmentLayout.fixed + tokenizerBytes, fieldBytes))
  }

  /// The header as bytes.
  static func bytes(
    _ parameters: NGramIndexParameters, firstItem: Int, _ layout: NGramSegmentLayout, checksums: [UInt64]
  ) -> [UInt8] {
    var header = NGramSegmentLayout.magic
    func append(_ value: some FixedWidthInteger) {
      withUnsafeBytes(of: value.littleEndian) { header.append(contentsOf: $0) }
    }
    let similarity = parameters.similarity
    append(NGramSegmentLayout.format)
    append(UInt32(similarity.n))
    append(similarity.threshold.bitPattern)
    append(UInt32(NGramSimilarity.Measure.allCases.firstIndex(of: similarity.measure) ?? 0))
    append(UInt32(layout.counts.bucketBits))
    append(UInt32(layout.counts.orderBits))
    append(UInt16(parameters.tokenizer.utf8.count))
    append(UInt16(parameters.field.utf8.count))
    for count in [firstItem, layout.counts.items, layout.counts.postings, layout.counts.setBytes] {
      append(UInt64(count))
    }
    for checksum in checksums { append(checksum) }
    header += Array(parameters.tokenizer.utf8) + Array(parameters.field.utf8)
    let checksum = header.withUnsafeBytes { SegmentChecksum.of($0) }
    append(checksum)
    return header
  }
}
