import Records
import Testing

@testable import Curation

/// The join against looking at every pair.
@Suite struct NearDuplicateJoinTests {
  /// Thresholds that sets of few grams come to exactly, and others.
  static let thresholds = [0.1, 0.3, 1.0 / 3, 0.5, 0.6, 2.0 / 3, 0.7, 0.75, 0.8, 0.9, 10.0 / 11, 1]

  private func similarity(_ random: inout SplitMix64) throws -> NGramSimilarity {
    try NGramSimilarity(
      n: 1 + Int(random.next(below: 5)),
      measure: NGramSimilarity.Measure.allCases.randomElement(using: &random) ?? .dice,
      threshold: Self.thresholds.randomElement(using: &random) ?? 0.7)
  }

  private func corpus(_ random: inout SplitMix64) -> NearDuplicateCorpus {
    let vocabulary: UInt64 = [2, 5, 30, 1_000].randomElement(using: &random) ?? 9
    let longest: UInt64 = [4, 15, 60].randomElement(using: &random) ?? 9
    return NearDuplicateCorpus(
      count: Int(random.next(below: 40)), vocabulary: vocabulary, longest: longest, random: &random)
  }

  @Test(arguments: [CandidateIndex.Choice.postings, .signatures])
  func findsExactlyWhatLookingAtEveryPairFinds(choice: CandidateIndex.Choice) throws {
    var random = SplitMix64(seed: 11)
    var found = 0
    for _ in 0..<600 {
      let corpus = corpus(&random)
      let similarity = try similarity(&random)
      let join = NGramJoin(
        [corpus.sets(similarity)], similarity: similarity, threads: 1, choice: choice)
      let links = join.links()
      #expect(links == corpus.links(similarity), "\(similarity) \(corpus.lists)")
      found += links.count
    }
    #expect(found > 4_000)
  }

  /// What differs in the last gram that may: k of n grams in common for every k, n and threshold k / n.
  @Test func setsThatComeToTheThresholdExactlyAreAlike() throws {
    for total in 1...40 {
      for common in 1...total {
        // Jaccard of these is common / total.
        let lists = [Array(0..<UInt32(total)), Array(0..<UInt32(common))]
        let corpus = NearDuplicateCorpus(lists)
        for (numerator, isAlike) in [(common, true), (common + 1, false)] where numerator <= total {
          let similarity = try NGramSimilarity(n: 1, threshold: Double(numerator) / Double(total))
          #expect(NGramJoin(corpus.sets(similarity), similarity: similarity).links().isEmpty != isAlike)
        }
        let dice = 2 * Double(common) / Double(total + common)
        let similarity = try NGramSimilarity(n: 1, measure: .dice, threshold: dice)
        #expect(
          NGramJoin(corpus.sets(similarity), similarity: similarity).links() == [
            DuplicateLink(0, 1, score: dice)
          ])
      }
    }
  }

  @Test func decisionsAreThoseOnAllLinks() throws {
    var random = SplitMix64(seed: 12)
    var dropped = 0
    for _ in 0..<400 {
      let corpus = corpus(&random)
      let similarity = try similarity(&random)
      let join = NGramJoin(corpus.sets(similarity), similarity: similarity)
      let links = corpus.links(similarity)
      let rank = Array(0..<corpus.lists.count).shuffled(using: &random).map { 3 * $0 - 7 }
      for reach in DuplicateReach.allCases {
        for dropsAll in [false, true] {
          let expected = DuplicateDecisions(links: links, rank: rank, reach: reach, dropsAll: dropsAll)
          let decisions = join.decisions(rank: rank, reach: reach, dropsAll: dropsAll)
          #expect(decisions.drops == expected.drops, "\(similarity) \(corpus.lists) \(rank)")
          dropped += decisions.drops.count
        }
      }
    }
    #expect(dropped > 4_000)
  }

  @Test func threadsChangeNothing() throws {
    var random = SplitMix64(seed: 13)
    for _ in 0..<20 {
      let corpus = NearDuplicateCorpus(count: 1_500, vocabulary: 200, longest: 25, random: &random)
      let similarity = try similarity(&random)
      let one = NGramJoin(corpus.sets(similarity), similarity: similarity, threads: 1)
      let many = NGramJoin(corpus.sets(similarity), similarity: similarity, threads: 5)
      #expect(one.links() == many.links())
    }
  }

  /// Two items of a thousand or more grams, and many of one: every size of table and of signature.
  @Test func longListsAreFoundToo() throws {
    var random = SplitMix64(seed: 14)
    for _ in 0..<4 {
      let corpus = NearDuplicateCorpus(count: 30, vocabulary: 3_000, longest: 9_000, random: &random)
      for measure in NGramSimilarity.Measure.allCases {
        let similarity = try NGramSimilarity(n: 2, measure: measure, threshold: 0.8)
        #expect(
          NGramJoin(corpus.sets(similarity), similarity: similarity).links() == corpus.links(similarity))
      }
    }
  }

  /// Places and sizes in the index have 16 bits.
  @Test func listsOfMoreGramsThanFitIntoAnEntry() throws {
    let long = (0..<90_000).map { UInt32($0) }
    let corpus = NearDuplicateCorpus([long, Array(long.dropLast(20_000)), Array(long.dropFirst(60_000))])
    for measure in NGramSimilarity.Measure.allCases {
      let similarity = try NGramSimilarity(n: 3, measure: measure, threshold: 0.5)
      #expect(NGramJoin(corpus.sets(similarity), similarity: similarity).links() == corpus.links(similarity))
    }
  }

  /// 20,000 equal rows have 2e8 links, which nobody may make.
  @Test func manyEqualItemsAreDecidedQuickly() throws {
    let corpus = NearDuplicateCorpus((0..<20_000).map { $0 % 2 == 0 ? [1, 2, 3, 4] : [2, 3, 4, 9] })
    let similarity = try NGramSimilarity(threshold: 0.5)
    let sets = corpus.sets(similarity)
    for reach in DuplicateReach.allCases {
      for dropsAll in [false, true] {
        let join = NGramJoin(sets, similarity: similarity)
        let drops = join.decisions(rank: Array(0..<20_000), reach: reach, dropsAll: dropsAll).drops
        #expect(drops.count == (dropsAll ? 20_000 : 19_999))
        for drop in drops {
          // Where nothing stays, each has the first other one of its own kind.
          let equal = drop.item < 2 ? drop.item + 2 : drop.item % 2
          #expect(drop.other == (dropsAll ? equal : 0))
        }
      }
    }
  }

  @Test func nothingOfNothing() throws {
    let similarity = try NGramSimilarity()
    #expect(NGramJoin(GramSets(n: 2), similarity: similarity).links().isEmpty)
    let empty = NGramJoin(NearDuplicateCorpus([[], [], []]).sets(similarity), similarity: similarity)
    #expect(empty.links().isEmpty)
    #expect(empty.decisions(rank: [0, 1, 2], reach: .chain).drops.isEmpty)
  }

  @Test func parametersAreChecked() {
    #expect(throws: NearDuplicateError.gramLength(0)) { try NGramSimilarity(n: 0) }
    #expect(throws: NearDuplicateError.gramLength(1_025)) { try NGramSimilarity(n: 1_025) }
    #expect(throws: NearDuplicateError.threshold(0)) { try NGramSimilarity(threshold: 0) }
    #expect(throws: NearDuplicateError.threshold(1.5)) { try NGramSimilarity(threshold: 1.5) }
    #expect(throws: NearDuplicateError.self) { try NGramSimilarity(threshold: .nan) }
  }
}
