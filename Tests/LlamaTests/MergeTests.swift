import Records
import Testing

@testable import Llama

@Suite struct MergeTests {
  /// Plain byte-pair encoding, straight from its definition.
  func reference(_ symbols: [Int32], _ merges: [(left: Int32, right: Int32, merged: Int32)]) -> [Int32] {
    var symbols = symbols
    while true {
      let places = symbols.indices.dropLast().compactMap { place in
        merges.lastIndex { $0.left == symbols[place] && $0.right == symbols[place + 1] }.map { ($0, place) }
      }
      guard let (rank, place) = places.min(by: { $0 < $1 }) else { return symbols }
      symbols.replaceSubrange(place...(place + 1), with: [merges[rank].merged])
    }
  }

  @Test(arguments: 0..<40) func bothWaysEqualTheDefinition(_ seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var merges: [(left: Int32, right: Int32, merged: Int32)] = []
    // Three letters and random merges, so that merges compete, overlap and repeat.
    for merged in 3..<Int32(3 + random.next(below: 25)) {
      merges.append(
        (Int32(random.next(below: UInt64(merged))), Int32(random.next(below: UInt64(merged))), merged))
    }
    let table = MergeTable(merges)
    for _ in 0..<20 {
      let symbols = (0..<random.next(below: 60)).map { _ in Int32(random.next(below: 3)) }
      let expected = reference(symbols, merges)
      var rescanned: [Int32] = []
      var queued: [Int32] = []
      var copy = symbols
      copy.withUnsafeMutableBufferPointer { table.mergeByRescanning($0, into: &rescanned) }
      copy = symbols
      copy.withUnsafeMutableBufferPointer { table.mergeByQueue($0, into: &queued) }
      #expect(rescanned == expected)
      #expect(queued == expected)
    }
  }

  /// A long piece goes through the queue: rescanning would need a hundred million steps.
  @Test func longPieces() {
    let table = MergeTable([(0, 0, 1), (1, 1, 2), (2, 2, 3)])
    var symbols = [Int32](repeating: 0, count: 1 << 14)
    var tokens: [Int32] = []
    symbols.withUnsafeMutableBufferPointer { table.merge($0, into: &tokens) }
    #expect(tokens == [Int32](repeating: 3, count: 1 << 11))
  }

  @Test func lookupFindsOnlyMerges() {
    let table = MergeTable((0..<1000).map { (Int32($0), Int32($0 * 7 % 1000), Int32($0)) })
    for left in 0..<Int32(1000) {
      #expect(table.lookup(left, left * 7 % 1000) == UInt64(left) << 32 | UInt64(left))
      #expect(table.lookup(left, (left * 7 + 1) % 1000) == MergeTable.none)
    }
    #expect(MergeTable([]).lookup(1, 2) == MergeTable.none)
  }
}
