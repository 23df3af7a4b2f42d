/// The exact similarity join: finds all pairs of items whose sets of word n-grams are alike by at least a threshold.
///
/// Recall and precision are 1 (of grams of three words and more, 64-bit hashes are compared). Algorithm: prefix, length and
/// positional filters of PPJoin (Xiao, Wang, Lin, Yu 2008) over grams in order of their frequency, a bound from 256-bit
/// parity signatures, then the sets themselves. Results do not depend on the number of threads.
public struct NGramJoin: Sendable {
  /// When two items are alike.
  public let similarity: NGramSimilarity
  let sets: GramSets
  let classes: SetClasses
  private let choice: CandidateIndex.Choice

  /// Makes ready for a join of all lists with each other.
  ///
  /// - Parameters:
  ///   - lists: the words of each item, as numbers.
  ///   - threads: how many threads make the sets.
  public init(_ lists: TokenLists, similarity: NGramSimilarity, threads: Int = 1) {
    self.init(TokenCorpus([lists]), similarity: similarity, threads: threads)
  }

  init(
    _ lists: TokenCorpus, similarity: NGramSimilarity, threads: Int,
    choice: CandidateIndex.Choice = .cheapest
  ) {
    self.similarity = similarity
    self.choice = choice
    let sets = GramSets(lists, similarity: similarity, threads: threads)
    self.sets = sets
    classes = lists.withKernels {
      SetClasses(
        sets,
        comparer: GramComparer($0, starts: lists.starts, n: similarity.n, longest: sets.longest))
    }
    sets.prune(classes.representatives)
  }

  /// How many items there are.
  public var count: Int { sets.count }

  /// Calls `body` with what is needed to look through the sets once: an empty index and what compares exactly.
  func withSearch<Result>(_ body: (CandidateIndex, GramScorer) -> Result) -> Result {
    sets.lists.withKernels { lists in
      let index = CandidateIndex(
        sets, similarity: similarity, items: classes.representatives, choice: choice)
      let comparer = GramComparer(lists, starts: sets.lists.starts, n: similarity.n, longest: sets.longest)
      return body(index, GramScorer(comparer: comparer, sizes: sets.sizes, similarity: similarity))
    }
  }
}

/// How alike two sets are, from the sets themselves.
struct GramScorer {
  let comparer: GramComparer
  let sizes: Pages<UInt32>
  let similarity: NGramSimilarity

  /// How alike two items are, none of them empty; nil when that is below the threshold.
  func score(_ item: UInt32, _ other: UInt32) -> Double? {
    let score = similarity.score(
      common: comparer.common(Int(item), Int(other)), Int(sizes[item]), Int(sizes[other]))
    return score >= similarity.threshold ? score : nil
  }
}
