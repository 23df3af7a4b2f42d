import Records
import Testing

@testable import Curation

@Suite struct DuplicateDecisionsTests {
  private typealias Drop = DuplicateDecisions.Drop

  /// 0 - 1 - 2 - 3, alike in a row, and 4 alone.
  private static let row = [
    DuplicateLink(0, 1, score: 0.9), DuplicateLink(2, 1, score: 0.8), DuplicateLink(2, 3, score: 0.95),
  ]

  private func drops(
    _ rank: [Int] = [0, 1, 2, 3, 4], _ reach: DuplicateReach = .star, all: Bool = false
  ) -> [Drop] {
    DuplicateDecisions(links: Self.row, rank: rank, reach: reach, dropsAll: all).drops
  }

  @Test func aStarReachesOnlyWhatIsAlikeToItsCentre() {
    #expect(drops() == [Drop(item: 1, other: 0, score: 0.9), Drop(item: 3, other: 2, score: 0.95)])
  }

  @Test func aChainReachesEverythingThatIsLinked() {
    #expect(
      drops([0, 1, 2, 3, 4], .chain) == [
        Drop(item: 1, other: 0, score: 0.9), Drop(item: 2, other: 0, score: nil),
        Drop(item: 3, other: 0, score: nil),
      ])
  }

  @Test func thePreferredItemStays() {
    #expect(
      drops([3, 0, 2, 1, 4]) == [Drop(item: 0, other: 1, score: 0.9), Drop(item: 2, other: 1, score: 0.8)])
    #expect(drops([3, 2, 1, 0, 4], .chain).map(\.other) == [3, 3, 3])
  }

  @Test func everythingThatIsAlikeCanGo() {
    #expect(
      drops(all: true) == [
        Drop(item: 0, other: 1, score: 0.9), Drop(item: 1, other: 0, score: 0.9),
        Drop(item: 2, other: 3, score: 0.95), Drop(item: 3, other: 2, score: 0.95),
      ])
  }

  @Test func nothingAlikeNothingDropped() {
    #expect(DuplicateDecisions(links: [], rank: [0, 1], reach: .star).drops.isEmpty)
    #expect(DuplicateDecisions(links: [], rank: [], reach: .chain, dropsAll: true).drops.isEmpty)
  }

  /// Random graphs: what each reach promises, whatever the order of links.
  @Test func promisesHoldOnRandomGraphs() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<300 {
      let count = 2 + Int(random.next(below: 12))
      var links: [DuplicateLink] = []
      for one in 0..<count {
        for other in one + 1..<count where random.next(below: 5) == 0 {
          links.append(DuplicateLink(one, other, score: 0.5 + Double(random.next(below: 50)) / 100))
        }
      }
      let rank = Array(0..<count).shuffled(using: &random)
      var score: [Set<Int>: Double] = [:]
      for link in links { score[[link.first, link.second]] = link.score }
      for reach in DuplicateReach.allCases {
        let drops = DuplicateDecisions(links: links, rank: rank, reach: reach).drops
        let again = DuplicateDecisions(links: links.shuffled(using: &random), rank: rank, reach: reach)
        #expect(again.drops == drops)
        let dropped = Set(drops.map(\.item))
        for drop in drops {
          #expect(!dropped.contains(drop.other) && rank[drop.other] < rank[drop.item])
          #expect(drop.score == score[[drop.item, drop.other]])
          if reach == .star { #expect(drop.score != nil) }
        }
        // Nothing that stays is alike to anything else that stays.
        for link in links { #expect(dropped.contains(link.first) || dropped.contains(link.second)) }
      }
      let all = DuplicateDecisions(links: links, rank: rank, reach: .star, dropsAll: true).drops
      #expect(Set(all.map(\.item)) == Set(links.flatMap { [$0.first, $0.second] }))
    }
  }
}
