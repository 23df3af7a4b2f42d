import Records
import Testing

@testable import Curation

/// The index that grows against one join of everything, and against bytes that are not what was written.
@Suite struct NearDuplicateIndexTests {
  /// Bytes at a multiple of 8, as a mapped file is, for as long as this lives.
  private final class Memory {
    let bytes: UnsafeMutableRawBufferPointer

    init(_ bytes: [UInt8]) {
      self.bytes = .allocate(byteCount: bytes.count, alignment: 8)
      self.bytes.copyBytes(from: bytes)
    }

    deinit { bytes.deallocate() }
    var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(bytes) }
  }

  private func id(_ number: Int) -> [UInt8] {
    (0..<32).map { UInt8(truncatingIfNeeded: number >> ($0 % 4 * 8)) }
  }

  private func order(_ lists: [[UInt32]], n: Int) throws -> NGramIndexOrder {
    let order = NGramIndexOrder(sampling: NearDuplicateCorpus(lists).tokens, n: n)
    return try order.encoded().withUnsafeBytes { try NGramIndexOrder(decoding: $0) }
  }

  @Test func growingFindsWhatOneJoinFinds() throws {
    var random = SplitMix64(seed: 51)
    var found = 0
    for _ in 0..<150 {
      let corpus = NearDuplicateCorpus(
        count: 1 + Int(random.next(below: 60)), vocabulary: [4, 40].randomElement(using: &random) ?? 9,
        longest: 30,
        random: &random)
      let similarity = try NGramSimilarity(
        n: 1 + Int(random.next(below: 3)), measure: .allCases.randomElement(using: &random) ?? .dice,
        threshold: NearDuplicateJoinTests.thresholds.randomElement(using: &random) ?? 0.7)
      let parameters = NGramIndexParameters(similarity: similarity, tokenizer: "test/1")
      // Of the first items only: the order says nothing of what comes later.
      let order = try order(Array(corpus.lists.prefix(10)), n: similarity.n)
      var memories: [Memory] = []
      var links: [DuplicateLink] = []
      var start = 0
      while start < corpus.lists.count {
        let end = min(corpus.lists.count, start + 1 + Int(random.next(below: 20)))
        let batch = NearDuplicateCorpus(Array(corpus.lists[start..<end])).tokens
        let segments = try memories.map { try NGramSegment($0.raw, parameters: parameters, order: order) }
        let index = NGramIndex(segments, parameters: parameters, order: order)
        #expect(index.count == start)
        links += try index.links(to: batch).map { DuplicateLink(start + $0.item, $0.other, score: $0.score) }
        links += NGramJoin(batch, similarity: similarity).links().map {
          DuplicateLink(start + $0.first, start + $0.second, score: $0.score)
        }
        memories.append(
          Memory(
            NGramSegment.encode(batch, ids: (start..<end).map(id), parameters: parameters, order: order)))
        let all = try memories.map { try NGramSegment($0.raw, parameters: parameters, order: order) }
        if let range = NGramSegment.segmentsToMerge(all.map(\.count)) {
          let merged = try NGramSegment.merge(Array(all[range]), parameters: parameters, order: order)
          memories.replaceSubrange(range, with: [Memory(merged)])
        }
        start = end
      }
      #expect(links.sorted { ($0.first, $0.second) < ($1.first, $1.second) } == corpus.links(similarity))
      found += links.count
      let segments = try memories.map { try NGramSegment($0.raw, parameters: parameters, order: order) }
      #expect(segments.flatMap { segment in (0..<segment.count).map(segment.id) } == (0..<start).map(id))
      for (place, segment) in segments.enumerated() {
        #expect(segment.count >= 2 * segments[(place + 1)...].reduce(0) { $0 + $1.count })
      }
    }
    #expect(found > 1_000)
  }

  private func written() throws -> (NGramIndexParameters, NGramIndexOrder, [UInt8], TokenLists) {
    var random = SplitMix64(seed: 52)
    let corpus = NearDuplicateCorpus(count: 60, vocabulary: 9, longest: 20, random: &random)
    let parameters = NGramIndexParameters(
      similarity: try NGramSimilarity(threshold: 0.3), tokenizer: "test/1")
    let order = try order(corpus.lists, n: 2)
    let bytes = NGramSegment.encode(
      corpus.tokens, ids: (0..<60).map(id), parameters: parameters, order: order)
    return (parameters, order, bytes, corpus.tokens)
  }

  @Test func otherParametersAreRefusedByName() throws {
    let (parameters, order, bytes, lists) = try written()
    let memory = Memory(bytes)
    for (similarity, tokenizer, name) in [
      (try NGramSimilarity(n: 3, threshold: 0.3), "test/1", "grams of"),
      (try NGramSimilarity(measure: .dice, threshold: 0.3), "test/1", "the measure"),
      (try NGramSimilarity(threshold: 0.4), "test/1", "the threshold"),
      (parameters.similarity, "test/2", "the tokenizer"),
    ] {
      let other = NGramIndexParameters(similarity: similarity, tokenizer: tokenizer)
      #expect {
        try NGramSegment(memory.raw, parameters: other, order: order)
      } throws: { error in
        guard case .mismatch(let parameter, let found, let expected)? = error as? NGramIndexError else {
          return false
        }
        return parameter == name && found != expected
      }
    }
    let reversed = NearDuplicateCorpus((0..<40).map { Array(lists[$0].reversed()) + [1, 2, 3] }).tokens
    #expect(throws: NGramIndexError.self) {
      try NGramSegment(
        memory.raw, parameters: parameters, order: NGramIndexOrder(sampling: reversed, n: 2))
    }
    #expect(throws: NGramIndexError.notAnIndex) {
      try NGramSegment(Memory(Array(repeating: 7, count: 500)).raw, parameters: parameters, order: order)
    }
  }

  /// Every byte changed, every length cut: an error or an answer, and never the end of the process.
  @Test func damagedBytesNeverTrap() throws {
    let (parameters, order, bytes, lists) = try written()
    var random = SplitMix64(seed: 53)
    var refused = 0
    func open(_ bytes: [UInt8]) {
      let memory = Memory(bytes)
      do {
        let segment = try NGramSegment(memory.raw, parameters: parameters, order: order)
        let index = NGramIndex([segment], parameters: parameters, order: order)
        _ = try index.links(to: lists)
        _ = try NGramSegment.merge([segment, segment], parameters: parameters, order: order)
      } catch {
        refused += 1
      }
    }
    open(bytes)
    #expect(refused == 0)
    for place in 0..<NGramSegmentLayout.header {
      var damaged = bytes
      damaged[place] ^= UInt8(1 << random.next(below: 8))
      open(damaged)
    }
    #expect(refused == NGramSegmentLayout.header, "a header of one other bit is refused")
    for length in stride(from: 0, to: bytes.count, by: 97) { open(Array(bytes[..<length])) }
    for _ in 0..<1_500 {
      var damaged = bytes
      for _ in 0...random.next(below: 3) {
        let place =
          NGramSegmentLayout.header + Int(random.next(below: UInt64(bytes.count - NGramSegmentLayout.header)))
        damaged[place] = UInt8(truncatingIfNeeded: random.next())
      }
      open(damaged)
    }
    #expect(refused > 400)
  }

  @Test func damagedOrdersAreRefused() throws {
    let bytes = NGramIndexOrder(sampling: try written().3, n: 2).encoded()
    #expect(throws: Never.self) { try bytes.withUnsafeBytes { try NGramIndexOrder(decoding: $0) } }
    for place in stride(from: 0, to: bytes.count, by: 5) where !(20..<24).contains(place) {
      var damaged = bytes
      damaged[place] ^= 1
      #expect(throws: NGramIndexError.self, "byte \(place)") {
        try damaged.withUnsafeBytes { try NGramIndexOrder(decoding: $0) }
      }
      #expect(throws: NGramIndexError.self) {
        try bytes[..<place].withUnsafeBytes { try NGramIndexOrder(decoding: $0) }
      }
    }
  }
}
