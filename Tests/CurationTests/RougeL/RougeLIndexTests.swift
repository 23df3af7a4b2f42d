import Records
import Testing

@testable import Curation

@Suite struct RougeLIndexTests {
  private static let parameters = RougeLIndexParameters(tokenizer: "words/1", field: "instruction")

  private static func spelling(_ id: UInt32) -> [UInt8] { Array("word\(id)".utf8) }

  private static func id(_ number: Int) throws -> ObjectID {
    try #require(ObjectID(bytes: (0..<32).map { UInt8(truncatingIfNeeded: number >> ($0 % 8) &* ($0 + 1)) }))
  }

  /// Filters batch after batch against an index that grows by what stays, with or without merging.
  private struct History {
    var index: RougeLIndex
    var decisions: [RougeLDecision] = []
    var ids: [ObjectID] = []

    init() throws { index = try RougeLIndex([], parameters: RougeLIndexTests.parameters) }

    mutating func add(_ lists: TokenLists, groups: [UInt32], merging: Bool, threads: Int = 1) throws {
      let batch = index.batch(lists, spelling: RougeLIndexTests.spelling)
      let made = try RougeLFilter(threads: threads).decisions(
        on: batch.lists, groups: groups, known: [index.pool])
      let kept = made.indices.filter { made[$0].isKept }
      let names = try kept.map { try RougeLIndexTests.id(decisions.count + $0) }
      let bytes = try index.segment(adding: kept, of: batch, ids: names, groups: kept.map { groups[$0] })
      ids += names
      decisions += made
      index = try index.adding(RougeLSegment(bytes))
      if merging, let range = index.mergeable {
        let grown = try index.replacing(range, with: RougeLSegment(index.merged(range)))
        #expect(grown.segments.count == index.segments.count - range.count + 1)
        index = grown
      }
    }
  }

  @Test func batchesAgainstAnIndexDecideAsAllAtOnce() throws {
    var random = SplitMix64(seed: 41)
    let lists = RougeLReference.lists(600, words: 40, length: 0...30, random: &random)
    let groups = (0..<600).map { _ in UInt32(random.next(below: 2)) }
    let whole = try RougeLFilter().decisions(on: TokenLists(lists), groups: groups)
    let kept = whole.indices.filter { whole[$0].isKept }
    for merging in [false, true] {
      var history = try History()
      var start = 0
      while start < lists.count {
        let end = min(lists.count, start + 1 + Int(random.next(below: 60)))
        try history.add(
          TokenLists(Array(lists[start..<end])), groups: Array(groups[start..<end]), merging: merging,
          threads: 1 + start % 3)
        start = end
      }
      try history.index.verify()
      #expect(history.decisions.map(\.isKept) == whole.map(\.isKept))
      #expect(history.decisions.map { $0.nearest?.score } == whole.map { $0.nearest?.score })
      #expect(history.index.count == kept.count)
      #expect((0..<kept.count).map { history.index.id(of: $0) } == history.ids)
      #expect(merging ? history.index.segments.count < 10 : history.index.segments.count > 15)

      // Known lists are named by their places, which are those of the lists that were kept.
      let again = history.index.batch(TokenLists(lists), spelling: Self.spelling)
      let nearest = try RougeLFilter(policy: .greedy).decisions(
        on: again.lists, groups: groups, known: [history.index.pool])
      for (item, decision) in nearest.enumerated() where !lists[item].isEmpty {
        guard case .known(let place)? = decision.nearest?.item else {
          Issue.record("list \(item) is not found again")
          continue
        }
        if whole[item].isKept { #expect(decision.nearest?.score == 1 && kept[place] <= item) }
      }
    }
  }

  @Test func anIndexIsTheSameBytesHoweverItGrew() throws {
    var random = SplitMix64(seed: 43)
    let lists = RougeLReference.lists(90, words: 25, length: 0...40, random: &random)
    let ids = try (0..<90).map(Self.id)
    let empty = try RougeLIndex([], parameters: Self.parameters)
    let all = empty.batch(TokenLists(lists), spelling: Self.spelling)
    let rebuilt = try empty.segment(adding: Array(0..<90), of: all, ids: ids)
    var index = empty
    for range in [0..<1, 1..<40, 40..<90] {
      let batch = index.batch(TokenLists(Array(lists[range])), spelling: Self.spelling)
      let bytes = try index.segment(adding: Array(0..<range.count), of: batch, ids: Array(ids[range]))
      index = try index.adding(RougeLSegment(bytes))
    }
    #expect(try index.merged(0..<3) == rebuilt)
  }

  @Test func aBatchCostsWhatItIs() throws {
    var index = try RougeLIndex([], parameters: Self.parameters)
    var written = 0
    for round in 0..<64 {
      let lists = TokenLists((0..<10).map { item in (0..<12).map { UInt32(round * 120 + item * 12 + $0) } })
      let batch = index.batch(lists, spelling: Self.spelling)
      let bytes = try index.segment(adding: Array(0..<10), of: batch, ids: (0..<10).map(Self.id))
      written += 10
      index = try index.adding(RougeLSegment(bytes))
      while let range = index.mergeable {
        written += index.segments[range].reduce(0) { $0 + $1.items.count }
        index = try index.replacing(range, with: RougeLSegment(index.merged(range)))
      }
      #expect(index.segments.count <= 8)
    }
    #expect(index.count == 640)
    #expect(written < 640 * 8)
  }

  @Test func otherParametersAreRefused() throws {
    let index = try RougeLIndex([], parameters: Self.parameters)
    let batch = index.batch(TokenLists([[1, 2]]), spelling: Self.spelling)
    let segment = try RougeLSegment(index.segment(adding: [0], of: batch, ids: [Self.id(0)]))
    let other = RougeLIndexParameters(tokenizer: "words/2", field: "instruction")
    #expect(throws: SegmentError.parameters(found: "\(Self.parameters)", expected: "\(other)")) {
      try RougeLIndex([segment], parameters: other)
    }
    #expect(throws: SegmentError.counts(items: 1, ids: 0)) {
      try index.segment(adding: [0], of: batch, ids: [])
    }
  }

  @Test func missingSegmentsAreNoticed() throws {
    var history = try History()
    for number in 0..<3 {
      try history.add(TokenLists([[UInt32(10 * number), 1, 2]]), groups: [0], merging: false)
    }
    let segments = history.index.segments
    #expect(throws: SegmentError.missingItems(from: 1)) {
      try RougeLIndex([segments[0], segments[2]], parameters: Self.parameters)
    }
    #expect(throws: SegmentError.missingItems(from: 0)) {
      try RougeLIndex(segments.reversed(), parameters: Self.parameters)
    }
  }

  /// Whatever a byte is changed to, wherever the file ends: an error, or an index that can be asked. Never a trap.
  @Test func damagedBytesNeverTrap() throws {
    var random = SplitMix64(seed: 47)
    let lists = RougeLReference.lists(9, words: 12, length: 0...9, random: &random)
    let empty = try RougeLIndex([], parameters: Self.parameters)
    let all = empty.batch(TokenLists(lists), spelling: Self.spelling)
    let bytes = try empty.segment(
      adding: Array(0..<9), of: all, ids: try (0..<9).map(Self.id), groups: (0..<9).map { UInt32($0 % 2) })
    var refused = 0
    for place in bytes.indices {
      var damaged = bytes
      damaged[place] ^= place % 3 == 0 ? 0xFF : UInt8(1 + random.next(below: 255))
      if try isRefused(damaged, asking: lists) { refused += 1 }
      #expect(throws: SegmentError.self) { try RougeLSegment(Array(bytes[..<place])) }
      // What opens all the same is told by reading it.
      #expect(throws: SegmentError.self) { try RougeLSegment(damaged).verify() }
    }
    #expect(refused > 200)
    #expect(try isRefused(bytes + [0], asking: lists))
    #expect(try !isRefused(bytes, asking: lists))
    try RougeLSegment(bytes).verify()
  }

  /// The same behind a header whose checksum is right: somebody made it so.
  @Test func forgedHeadersNeverTrap() throws {
    var random = SplitMix64(seed: 53)
    let lists = RougeLReference.lists(8, words: 12, length: 0...9, random: &random)
    let empty = try RougeLIndex([], parameters: Self.parameters)
    let all = empty.batch(TokenLists(lists), spelling: Self.spelling)
    let bytes = try empty.segment(adding: Array(0..<8), of: all, ids: try (0..<8).map(Self.id))
    let layout = try RougeLSegment(bytes).layout
    for place in 0..<layout.table.upperBound {
      for value: UInt8 in [0, 1, 2, 0x7F, 0xFF] {
        var forged = bytes
        forged[place] = value
        let checksum = forged.withUnsafeBytes {
          SegmentChecksum.of(UnsafeRawBufferPointer(rebasing: $0[..<layout.table.upperBound]))
        }
        withUnsafeBytes(of: checksum.littleEndian) {
          forged.replaceSubrange(layout.table.upperBound..<layout.table.upperBound + 8, with: $0)
        }
        _ = try isRefused(forged, asking: lists)
      }
    }
  }

  /// Opens an index and asks everything of it.
  private func isRefused(_ bytes: [UInt8], asking lists: [[UInt32]]) throws -> Bool {
    let index: RougeLIndex
    do {
      index = try RougeLIndex([RougeLSegment(bytes)], parameters: Self.parameters)
    } catch {
      return true
    }
    for item in 0..<index.count { _ = index.id(of: item) }
    let batch = index.batch(TokenLists(lists), spelling: Self.spelling)
    for policy in RougeLPolicy.allCases {
      let filter = try RougeLFilter(threshold: 0.6, policy: policy)
      let decisions = try filter.decisions(on: batch.lists, known: [index.pool])
      for decision in decisions {
        if case .known(let place)? = decision.nearest?.item { #expect(place < index.count) }
      }
      let scores = try filter.scores(of: batch.lists, decisions: decisions, known: [index.pool])
      for case .known(let place) in scores.nearest.joined().map(\.item) { #expect(place < index.count) }
    }
    _ = try index.segment(adding: [0], of: batch, ids: [Self.id(0)])
    do {
      _ = try index.merged(0..<1)
      try index.verify()
    } catch {}
    return false
  }
}
