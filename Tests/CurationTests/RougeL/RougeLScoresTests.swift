import Records
import Testing

@testable import Curation

@Suite struct RougeLScoresTests {
  /// Every width of a lane, and lists longer than any.
  @Test(arguments: [(5, 0...16), (40, 8...70), (300, 40...200), (9, 1_000...1_060)])
  func scoresAreThoseOfAllPairs(shape: (Int, ClosedRange<Int>)) throws {
    var random = SplitMix64(seed: 23)
    let count = shape.1.upperBound > 1_000 ? 6 : 80
    let known = RougeLReference.lists(count / 3, words: shape.0, length: shape.1, random: &random)
    let new = RougeLReference.lists(count, words: shape.0, length: shape.1, random: &random)
    let groups = (0..<known.count + new.count).map { _ in UInt32(random.next(below: 2)) }
    let ungrouped = RougeLReference.Problem(known: known, new: new)
    for (policy, groups) in RougeLPolicy.allCases.flatMap({ [($0, ungrouped.groups), ($0, groups)] }) {
      let problem = ungrouped.grouped(groups)
      let decisions = problem.decisions(threshold: 0.7, policy: policy)
      let compared = new.indices.map { item in
        problem.compared(item, policy: policy) { decisions[$0].isKept }
      }
      for path in RougeLFilterTests.paths {
        for (threads, block) in path == .best ? [(1, 512), (2, 5), (5, 16)] : [(2, 3)] {
          let filter = try RougeLFilter(
            threshold: 0.7, policy: policy, threads: threads, path: path, block: block)
          let pools = [
            try RougeLPool(TokenLists(Array(known[..<2])), groups: Array(groups[..<2])),
            try RougeLPool(TokenLists(Array(known[2...])), groups: Array(groups[2..<known.count])),
          ]
          let own = Array(groups[known.count...])
          let scores = try filter.scores(
            of: TokenLists(new), decisions: decisions, groups: own, known: pools, neighbours: 4)
          let nearest = try filter.scores(
            of: TokenLists(new), decisions: decisions, groups: own, known: pools, neighbours: 1, means: false)
          for item in new.indices {
            let expected = problem.ranked(compared[item])
            #expect(scores.nearest[item] == Array(expected.prefix(4)), "\(path) list \(item)")
            #expect(nearest.nearest[item] == Array(expected.prefix(1)), "\(path) list \(item)")
            let all = compared[item].map(\.score)
            if all.isEmpty {
              #expect(scores.means[item] == nil)
            } else {
              let mean = try #require(scores.means[item])
              #expect(abs(mean - all.reduce(0, +) / Double(all.count)) < 1e-13)
            }
          }
          #expect(nearest.means.isEmpty)
        }
      }
    }
  }

  /// Means do not depend on threads, blocks or into how many pools the known lists are split: to the last bit.
  @Test func meansAreTheSameBits() throws {
    var random = SplitMix64(seed: 29)
    let known = RougeLReference.lists(90, words: 50, length: 3...70, random: &random)
    let new = TokenLists(RougeLReference.lists(150, words: 50, length: 3...70, random: &random))
    var results: Set<[Double?]> = []
    for (threads, split) in [(1, 0), (2, 31), (5, 60)] {
      for path in RougeLFilterTests.paths {
        let filter = try RougeLFilter(threshold: 0.7, policy: .isolated, threads: threads, path: path)
        let pools = [
          try RougeLPool(TokenLists(Array(known[..<split]))),
          try RougeLPool(TokenLists(Array(known[split...]))),
        ]
        let decisions = try filter.decisions(on: new, known: pools)
        results.insert(try filter.scores(of: new, decisions: decisions, known: pools, neighbours: 0).means)
      }
    }
    #expect(results.count == 1)
  }
}
