import Records
import Testing

@testable import Curation

/// The index that grows against one join of everything, and against bytes that are not what was written.
@Suite struct NearDuplicateIndexTests {
  private func id(_ number: Int) -> ObjectID {
    var bytes = [UInt8](repeating: 7, count: 32)
    for place in 0..<4 { bytes[place] = UInt8(truncatingIfNeeded: number >> (8 * place)) }
    return bytes.withUnsafeBytes { ObjectID(loading: $0, at: 0) }
  }

  private func parameters(_ similarity: NGramSimilarity) -> NGramIndexParameters {
    NGramIndexParameters(similarity: similarity, tokenizer: "test/1", field: "pair")
  }

  private func similarity(_ random: inout SplitMix64) throws -> NGramSimilarity {
    try NGramSimilarity(
      n: 1 + Int(random.next(below: 3)), measure: .allCases.randomElement(using: &random) ?? .dice,
      threshold: NearDuplicateJoinTests.thresholds.randomElement(using: &random) ?? 0.7)
  }

  @Test func growingFindsWhatOneJoinFinds() throws {
    var random = SplitMix64(seed: 51)
    var found = 0
    for _ in 0..<150 {
      let corpus = NearDuplicateCorpus(
        count: 1 + Int(random.next(below: 60)), vocabulary: [4, 40].randomElement(using: &random) ?? 9,
        longest: 30, random: &random)
      let similarity = try similarity(&random)
      let parameters = parameters(similarity)
      var segments: [NGramSegment] = []
      var links: [DuplicateLink] = []
      var start = 0
      while start < corpus.lists.count {
        let end = min(corpus.lists.count, start + 1 + Int(random.next(below: 20)))
        // Made anew for each batch, as in another session.
        let batch = NearDuplicateCorpus(Array(corpus.lists[start..<end])).sets(similarity)
        var index = try NGramIndex(segments, parameters: parameters)
        #expect(index.count == start)
        links += try index.matches(of: batch).map {
          DuplicateLink(start + $0.item, $0.other, score: $0.score)
        }
        links += NGramJoin(batch, similarity: similarity).links().map {
          DuplicateLink(start + $0.first, start + $0.second, score: $0.score)
        }
        let bytes = try index.segment(
          adding: Array(0..<batch.count), of: batch, ids: (start..<end).map(id))
        index = try index.adding(NGramSegment(bytes))
        if let range = index.mergeable {
          index = try index.replacing(range, with: NGramSegment(index.merged(range)))
        }
        segments = index.segments
        start = end
      }
      #expect(links.sorted { ($0.first, $0.second) < ($1.first, $1.second) } == corpus.links(similarity))
      found += links.count
      let index = try NGramIndex(segments, parameters: parameters)
      try index.verify()
      #expect((0..<start).map(index.id) == (0..<start).map(id))
      for (place, segment) in segments.enumerated() {
        #expect(segment.items.count >= 2 * segments[(place + 1)...].reduce(0) { $0 + $1.items.count })
      }
    }
    #expect(found > 1_000)
  }

  private func written() throws -> (NGramIndexParameters, [UInt8], GramSets) {
    var random = SplitMix64(seed: 52)
    let corpus = NearDuplicateCorpus(count: 60, vocabulary: 9, longest: 20, random: &random)
    let parameters = parameters(try NGramSimilarity(threshold: 0.3))
    let sets = corpus.sets(parameters.similarity)
    let index = try NGramIndex([], parameters: parameters)
    return (parameters, try index.segment(adding: Array(0..<60), of: sets, ids: (0..<60).map(id)), sets)
  }

  @Test func otherParametersAreRefused() throws {
    let (parameters, bytes, _) = try written()
    let segment = try NGramSegment(bytes)
    for (similarity, tokenizer, field) in [
      (try NGramSimilarity(n: 3, threshold: 0.3), "test/1", "pair"),
      (try NGramSimilarity(measure: .dice, threshold: 0.3), "test/1", "pair"),
      (try NGramSimilarity(threshold: 0.4), "test/1", "pair"),
      (parameters.similarity, "test/2", "pair"), (parameters.similarity, "test/1", "output"),
    ] {
      let other = NGramIndexParameters(similarity: similarity, tokenizer: tokenizer, field: field)
      #expect(throws: SegmentError.parameters(found: "\(parameters)", expected: "\(other)")) {
        try NGramIndex([segment], parameters: other)
      }
    }
    #expect(throws: SegmentError.self) { try NGramSegment(Array(repeating: 7, count: 500)) }
  }

  @Test func segmentsThatDoNotBelongTogetherAreRefused() throws {
    let (parameters, bytes, sets) = try written()
    let first = try NGramSegment(bytes)
    let index = try NGramIndex([first], parameters: parameters)
    let second = try NGramSegment(index.segment(adding: [0, 1], of: sets, ids: [id(0), id(1)]))
    #expect(second.items == 60..<62)
    #expect(throws: SegmentError.missingItems(from: 0)) {
      try NGramIndex([second], parameters: parameters)
    }
    #expect(throws: SegmentError.counts(items: 2, ids: 1)) {
      try index.segment(adding: [0, 1], of: sets, ids: [id(0)])
    }
  }

  /// Any address and any bytes: an error or an answer, and never the end of the process.
  @Test func damagedBytesNeverTrap() throws {
    let (parameters, bytes, sets) = try written()
    var random = SplitMix64(seed: 53)
    var (refused, told) = (0, 0)
    func open(_ bytes: [UInt8]) {
      do {
        let segment = try NGramSegment(bytes)
        do { try segment.verify() } catch { told += 1 }
        let index = try NGramIndex([segment], parameters: parameters)
        _ = try index.matches(of: sets)
        _ = try index.merged(0..<1)
      } catch {
        refused += 1
      }
    }
    open(bytes)
    #expect(refused == 0 && told == 0)
    // The names and the checksum end at 106.
    for place in 0..<106 {
      var damaged = bytes
      damaged[place] ^= UInt8(1 << random.next(below: 8))
      open(damaged)
    }
    #expect(refused == 106, "a header of one other bit is refused")
    for length in stride(from: 0, to: bytes.count, by: 97) { open(Array(bytes[..<length])) }
    (refused, told) = (0, 0)
    for _ in 0..<1_500 {
      var damaged = bytes
      for _ in 0...random.next(below: 3) {
        damaged[106 + Int(random.next(below: UInt64(bytes.count - 106)))] ^= UInt8(
          1 + random.next(below: 255))
      }
      if damaged != bytes { open(damaged) }
    }
    #expect(refused == 1_500, "a merge reads everything first")
    #expect(told > 1_300)
  }

  /// With checksums that fit, as somebody who forges a segment makes them.
  @Test func forgedBytesNeverTrap() throws {
    let (parameters, bytes, sets) = try written()
    let layout = try bytes.withUnsafeBytes { try NGramSegmentHeader($0).layout }
    var random = SplitMix64(seed: 55)
    var refused = 0
    for _ in 0..<1_500 {
      var forged = bytes
      for _ in 0...random.next(below: 3) {
        let place = layout.headerEnd + Int(random.next(below: UInt64(bytes.count - layout.headerEnd)))
        forged[place] = random.next(below: 2) == 0 ? 0xFF : UInt8(truncatingIfNeeded: random.next())
      }
      let checksums = forged.withUnsafeBytes { forged in
        layout.sections.map { SegmentChecksum.of(UnsafeRawBufferPointer(rebasing: forged[$0])) }
      }
      let header = NGramSegmentHeader.bytes(parameters, firstItem: 0, layout, checksums: checksums)
      forged.replaceSubrange(0..<header.count, with: header)
      let segment = try NGramSegment(forged)
      try segment.verify()
      let index = try NGramIndex([segment], parameters: parameters)
      do {
        _ = try index.matches(of: sets)
        _ = try index.merged(0..<1)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 50)
  }

  @Test func bytesMayLieAnywhere() throws {
    let (parameters, bytes, sets) = try written()
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count + 1, alignment: 8)
    defer { memory.deallocate() }
    let odd = UnsafeMutableRawBufferPointer(rebasing: memory[1...])
    odd.copyBytes(from: bytes)
    let segment = try NGramSegment(UnsafeRawBufferPointer(odd), owner: parameters)
    let known = try NGramSegment(bytes)
    #expect(
      try NGramIndex([segment], parameters: parameters).matches(of: sets)
        == NGramIndex([known], parameters: parameters).matches(of: sets))
  }
}
