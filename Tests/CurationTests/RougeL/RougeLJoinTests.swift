import Records
import Testing

@testable import Curation

@Suite struct RougeLJoinTests {
  @Test(arguments: [(4, 0...9), (30, 1...25), (60, 60...140)])
  func linksAreThoseOfComparingAllPairs(shape: (words: Int, length: ClosedRange<Int>)) throws {
    var random = SplitMix64(seed: 19)
    let lists = RougeLReference.lists(120, words: shape.words, length: shape.length, random: &random)
    var all: [DuplicateLink] = []
    for later in lists.indices {
      for earlier in 0..<later {
        let score = RougeLReference.score(target: lists[later], prediction: lists[earlier])
        all.append(DuplicateLink(earlier, later, score: score))
      }
    }
    for threshold in [0.1, 0.5, 0.7, 0.9, 1] {
      let expected = all.filter { $0.score > threshold }
      for threads in [1, 3] {
        let links = try RougeLJoin(TokenLists(lists), threshold: threshold, threads: threads).links
        #expect(links == expected, "\(threshold), \(threads) threads")
      }
    }
    #expect(throws: RougeLError.self) { try RougeLJoin(TokenLists(lists), threshold: 1.1) }
  }

  /// A pool numbered anew answers as one of the lists that are left, in their new order.
  @Test func anIndexCanBeNumberedAnew() throws {
    var random = SplitMix64(seed: 23)
    let lists = RougeLReference.lists(300, words: 12, length: 0...12, random: &random)
    let new = RougeLReference.lists(60, words: 12, length: 0...12, random: &random)
    var index = try RougeLIndex([], parameters: RougeLIndexParameters(tokenizer: "t", field: "f"))
    let id = try #require(ObjectID(bytes: [UInt8](repeating: 7, count: 32)))
    for start in stride(from: 0, to: 300, by: 100) {
      let batch = index.batch(TokenLists(Array(lists[start..<start + 100]))) { "\($0)".utf8 }
      let bytes = try index.segment(
        adding: Array(0..<100), of: batch, ids: [ObjectID](repeating: id, count: 100))
      index = try index.adding(RougeLSegment(bytes))
    }
    var order = lists.indices.filter { _ in random.next(below: 3) > 0 }
    order.shuffle(using: &random)
    var numbers = [UInt32?](repeating: nil, count: 300)
    for (number, item) in order.enumerated() { numbers[item] = UInt32(number) }
    let pool = index.pool(numbering: numbers)
    let plain = try RougeLPool(TokenLists(order.map { lists[$0] }))
    let queries = index.batch(TokenLists(new)) { "\($0)".utf8 }.lists
    for policy in RougeLPolicy.allCases {
      let filter = try RougeLFilter(threshold: 0.5, policy: policy)
      let found = try filter.decisions(on: queries, known: [pool])
      let expected = try filter.decisions(on: TokenLists(new), known: [plain])
      #expect(found == expected)
      let scores = try filter.scores(of: queries, decisions: found, known: [pool], neighbours: 3, means: true)
      let plainScores = try filter.scores(
        of: TokenLists(new), decisions: expected, known: [plain], neighbours: 3, means: true)
      #expect(scores.nearest == plainScores.nearest && scores.means == plainScores.means)
    }
  }
}
