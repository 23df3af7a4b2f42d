import Records
import Testing

@testable import Curation

/// A minus B against looking at every pair.
@Suite struct NearDuplicateMatchesTests {
  @Test(arguments: [CandidateIndex.Choice.postings, .signatures])
  func eachItemHasItsNearest(choice: CandidateIndex.Choice) throws {
    var random = SplitMix64(seed: 21)
    var found = 0
    for _ in 0..<1_000 {
      let corpus = NearDuplicateCorpus(
        count: Int(random.next(below: 50)), vocabulary: [3, 40].randomElement(using: &random) ?? 5,
        longest: 20, random: &random)
      let split = Int(random.next(below: UInt64(corpus.lists.count + 1)))
      let items = NearDuplicateCorpus(Array(corpus.lists[..<split]))
      let others = NearDuplicateCorpus(Array(corpus.lists[split...]))
      let similarity = try NGramSimilarity(
        n: 1 + Int(random.next(below: 3)), measure: .allCases.randomElement(using: &random) ?? .dice,
        threshold: NearDuplicateJoinTests.thresholds.randomElement(using: &random) ?? 0.7)
      var best: [Int: NGramMatches.Match] = [:]
      for link in corpus.links(similarity) where link.first < split && link.second >= split {
        if let known = best[link.first], known.score >= link.score { continue }
        best[link.first] = .init(item: link.first, other: link.second - split, score: link.score)
      }
      let matches = NGramMatches(
        items.sets(similarity), in: others.sets(similarity), similarity: similarity, threads: 1,
        choice: choice
      ).matches
      #expect(matches == best.values.sorted { $0.item < $1.item }, "\(similarity) \(corpus.lists) \(split)")
      found += matches.count
    }
    #expect(found > 3_000)
  }
}
