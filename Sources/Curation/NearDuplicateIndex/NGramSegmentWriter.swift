internal import CKernels
internal import Records

/// Writes the bytes of a segment.
struct NGramSegmentWriter {
  let parameters: NGramIndexParameters
  let firstItem: Int
  let sets: GramSets
  let ids: [ObjectID]
  let threads: Int

  /// - Throws: ``SegmentError/tooLarge``.
  func bytes() throws(SegmentError) -> [UInt8] {
    let names = [parameters.tokenizer, parameters.field].map(\.utf8.count)
    guard names.allSatisfy({ $0 < 256 }), firstItem + sets.count < Int(UInt32.max) else { throw .tooLarge }
    let corpus = GramCorpus([sets])
    let order = GramOrder(sampling: corpus)
    let items = Array(0..<UInt32(sets.count))
    // Nothing can be left out: what is alone here may be in items that come later.
    let prefixes = GramPrefixes(
      corpus, items: items, similarity: parameters.similarity, order: order, threads: threads, prunes: false)
    let postings = prefixes.postingCounts(of: items).all
    let bits = GramOrder.bits(for: postings * 3 / 5, atMost: 28)
    let (starts, entries) = (Pages<UInt32>(1 << bits + 1), Pages<UInt64>(postings))
    withExtendedLifetime(prefixes) {
      ck_segment_fill(prefixes.kernel, items, items.count, starts.base, entries.base, Int32(bits))
    }
    var setBytes = 0
    for item in 0..<corpus.count { setBytes += ck_gram_set_bytes(corpus.size(of: item)) }
    let layout = try NGramSegmentLayout(
      .init(
        nameBytes: names[0] + names[1], items: sets.count, setBytes: setBytes, orderBits: order.bits,
        bucketBits: bits, postings: postings))
    return [UInt8](unsafeUninitializedCapacity: layout.total) { buffer, count in
      let bytes = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: layout.total)
      bytes.initializeMemory(as: UInt8.self, repeating: 0)
      write(corpus, layout, to: bytes)
      bytes[layout.bins...].copyBytes(
        from: UnsafeRawBufferPointer(start: order.bins.base, count: 1 << order.bits))
      // The machine's own form, which is little-endian wherever Swift runs.
      bytes[layout.starts...].copyBytes(
        from: UnsafeRawBufferPointer(start: starts.base, count: 4 * starts.count))
      bytes[layout.entries...].copyBytes(
        from: UnsafeRawBufferPointer(start: entries.base, count: 8 * postings))
      let checksums = layout.sections.map { SegmentChecksum.of(UnsafeRawBufferPointer(rebasing: bytes[$0])) }
      bytes.copyBytes(
        from: NGramSegmentHeader.bytes(parameters, firstItem: firstItem, layout, checksums: checksums))
      count = layout.total
    }
  }

  private func write(
    _ corpus: GramCorpus, _ layout: NGramSegmentLayout, to bytes: UnsafeMutableRawBufferPointer
  ) {
    var place = 0
    for (item, id) in ids.enumerated() {
      id.store(to: bytes, at: layout.ids + 32 * item)
      bytes.storeBytes(
        of: UInt64(place).littleEndian, toByteOffset: layout.places + 8 * item, as: UInt64.self)
      let size = ck_gram_set_bytes(corpus.size(of: item))
      bytes[(layout.sets + place)...].copyBytes(
        from: UnsafeRawBufferPointer(start: corpus[item], count: size))
      place += size
    }
  }
}
