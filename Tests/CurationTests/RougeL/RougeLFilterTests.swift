import Records
import Testing

@testable import Curation

@Suite struct RougeLFilterTests {
  /// Those that this processor has.
  static let paths = RougeLPath.allCases.filter { (try? RougeLKernels(threads: 1, path: $0)) != nil }

  private func decide(
    _ problem: RougeLReference.Problem, _ threshold: Double, _ policy: RougeLPolicy, threads: Int = 1,
    path: RougeLPath = .best, block: Int = 512
  ) throws -> [RougeLDecision] {
    let filter = try RougeLFilter(
      threshold: threshold, policy: policy, threads: threads, path: path, block: block)
    let split = problem.known.count
    let known = try RougeLPool(TokenLists(problem.known), groups: Array(problem.groups[..<split]))
    return try filter.decisions(
      on: TokenLists(problem.new), groups: Array(problem.groups[split...]), known: [known])
  }

  /// Few words for many near-copies; more for signatures that tell lists apart; long ones for several words of bits.
  @Test(arguments: [(4, 0...9), (30, 1...25), (500, 10...90), (60, 60...140)])
  func decisionsAreThoseOfComparingAllPairs(shape: (words: Int, length: ClosedRange<Int>)) throws {
    var random = SplitMix64(seed: 11)
    let problem = RougeLReference.Problem(
      known: RougeLReference.lists(25, words: shape.words, length: shape.length, random: &random),
      new: RougeLReference.lists(70, words: shape.words, length: shape.length, random: &random))
    for threshold in [0, 0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.95, 1] {
      for policy in RougeLPolicy.allCases {
        let expected = problem.decisions(threshold: threshold, policy: policy)
        for path in Self.paths {
          for (threads, block) in path == .best ? [(1, 512), (2, 16), (5, 7)] : [(2, 9)] {
            let decisions = try decide(
              problem, threshold, policy, threads: threads, path: path, block: block)
            #expect(decisions == expected, "\(path), \(threshold), \(threads) threads, blocks of \(block)")
          }
        }
      }
    }
  }

  @Test(arguments: RougeLPolicy.allCases) func onlyListsOfOneGroupAreCompared(policy: RougeLPolicy) throws {
    var random = SplitMix64(seed: 5)
    let known = RougeLReference.lists(30, words: 6, length: 3...8, random: &random)
    let new = RougeLReference.lists(90, words: 6, length: 3...8, random: &random)
    let groups = (0..<120).map { _ in UInt32(random.next(below: 4)) &* 0x5555_5555 }
    let problem = RougeLReference.Problem(known: known, new: new, groups: groups)
    let expected = problem.decisions(threshold: 0.7, policy: policy)
    #expect(expected.contains { $0.isKept } && expected.contains { !$0.isKept })
    #expect(try decide(problem, 0.7, policy, threads: 2, block: 20) == expected)
  }

  /// 7 of 10 and 10 is 0.7 and stays; but rounding lifts some fractions that equal 0.7 above it, and rouge-score drops those.
  @Test func boundariesFollowTheDoublesOfRougeScore() throws {
    var above = 0
    var equal = 0
    for target in 1...60 {
      for prediction in 1...60 {
        let total = target + prediction
        // 2 lcs / total = 7 / 10
        guard total % 20 == 0, 7 * total / 20 <= min(target, prediction) else { continue }
        let lcs = 7 * total / 20
        let shared = (0..<lcs).map { UInt32($0) }
        let new = shared + (0..<target - lcs).map { UInt32(1_000 + $0) }
        let old = shared + (0..<prediction - lcs).map { UInt32(2_000 + $0) }
        let score = RougeLReference.score(target: new, prediction: old)
        #expect(abs(score - 0.7) < 1e-15)
        #expect(RougeL.score(lcs: lcs, target: target, prediction: prediction) == score)
        #expect(RougeL.score(lcs: lcs, target: prediction, prediction: target) == score)
        if score > 0.7 { above += 1 } else { equal += 1 }
        let decisions = try decide(.init(new: [old, new]), 0.7, .greedy)
        #expect(decisions[1].isKept == !(score > 0.7), "\(lcs) of \(target) and \(prediction)")
        #expect(decisions[1].nearest?.score == (score > 0.7 ? score : nil))
      }
    }
    #expect(above > 10 && equal > 10)
    #expect(RougeL.score(lcs: 7, target: 10, prediction: 10) == 0.7)
  }

  @Test func emptyListsAreAlikeToNothing() throws {
    for policy in RougeLPolicy.allCases {
      let problem = RougeLReference.Problem(known: [[], [1]], new: [[], [], [2], [], [2]])
      let decisions = try decide(problem, 0, policy)
      #expect(decisions == problem.decisions(threshold: 0, policy: policy))
      #expect([0, 1, 3].allSatisfy { decisions[$0].isKept })
      #expect(try decide(.init(new: []), 0.5, policy).isEmpty)
    }
  }

  /// Lists longer than what has all its bits in memory at once, and than 2^16.
  @Test func longLists() throws {
    var random = SplitMix64(seed: 17)
    let long = (0..<1_700).map { _ in UInt32(random.next(below: 90)) }
    var edited = long
    for place in stride(from: 0, to: 1_700, by: 9) { edited[place] = 1_000 }
    edited.removeSubrange(300..<400)
    let longer = (0..<66_000).map { UInt32($0 % 7_001) }
    let reversed = [UInt32](longer.reversed())
    let problem = RougeLReference.Problem(new: [long, edited, Array(long[..<1_024]), Array(edited[..<1_025])])
    for threshold in [0.4, 0.7, 0.85] {
      for policy in RougeLPolicy.allCases {
        let expected = problem.decisions(threshold: threshold, policy: policy)
        for path in Self.paths { #expect(try decide(problem, threshold, policy, path: path) == expected) }
      }
    }
    // Too long for the reference: a copy without its first 33,000 tokens, and one in which nothing but runs is shared.
    let decisions = try RougeLFilter(threshold: 0.6).decisions(
      on: TokenLists([longer, Array(longer[33_000...]), reversed]))
    #expect(decisions[1].nearest?.score == RougeL.score(lcs: 33_000, target: 33_000, prediction: 66_000))
    #expect(decisions[2].isKept)
  }

  @Test func ofEquallyNearListsTheFirstIsNamed() throws {
    let list: [UInt32] = [1, 2, 3, 4, 5, 6, 7, 8]
    let one = Array(list.dropLast())
    let problem = RougeLReference.Problem(known: [[9], one], new: [[5], list, one, list])
    let greedy = try decide(problem, 0.7, .greedy)
    #expect(greedy[1].nearest?.item == .known(1))
    #expect(greedy[2].nearest == RougeLNeighbour(item: .known(1), score: 1))
    let isolated = try decide(problem, 0.7, .isolated)
    #expect(isolated[1].nearest == RougeLNeighbour(item: .new(3), score: 1))
    #expect(isolated[3].nearest == RougeLNeighbour(item: .new(1), score: 1))
  }

  @Test func wrongArgumentsAreRefused() throws {
    for threshold in [-0.1, 1.1, .nan, .infinity] {
      #expect(throws: RougeLError.self) { try RougeLFilter(threshold: threshold) }
    }
    let filter = try RougeLFilter()
    #expect(throws: RougeLError.groups(2, lists: 1)) {
      try filter.decisions(on: TokenLists([[1]]), groups: [1, 2])
    }
    #expect(throws: RougeLError.self) { try filter.decisions(on: TokenLists([[.max]])) }
    #expect(throws: RougeLError.decisions(0, lists: 1)) {
      try filter.scores(of: TokenLists([[1]]), decisions: [])
    }
  }
}
