/// The exact similarity join: finds all pairs of items whose sets of word n-grams are alike by at least a threshold.
///
/// Recall and precision are 1, of grams as ``GramSets`` has them. Algorithm: prefix, length and positional filters of PPJoin
/// (Xiao, Wang, Lin, Yu 2008) over grams in order of their frequency, a bound from 256-bit parity signatures, then the sets
/// themselves. Results do not depend on the number of threads.
public struct NGramJoin: Sendable {
  /// When two items are alike.
  public let similarity: NGramSimilarity
  let corpus: GramCorpus
  let classes: SetClasses
  private let lists: PostingLists
  private let choice: CandidateIndex.Choice

  /// Makes ready for a join of all sets with each other.
  ///
  /// - Parameters:
  ///   - sets: the grams of each item, of as many words as the similarity says.
  ///   - threads: how many threads make the prefixes.
  public init(_ sets: GramSets, similarity: NGramSimilarity, threads: Int = 1) {
    self.init([sets], similarity: similarity, threads: threads)
  }

  init(
    _ parts: [GramSets], similarity: NGramSimilarity, threads: Int,
    choice: CandidateIndex.Choice = .cheapest
  ) {
    precondition(parts.allSatisfy { $0.n == similarity.n }, "grams of one length")
    self.similarity = similarity
    self.choice = choice
    corpus = GramCorpus(parts)
    classes = SetClasses(corpus)
    let prefixes = GramPrefixes(
      corpus, items: classes.representatives, similarity: similarity, order: GramOrder(sampling: corpus),
      threads: threads, prunes: true)
    lists = PostingLists(prefixes, items: classes.representatives)
  }

  /// How many items there are.
  public var count: Int { corpus.count }

  /// Calls `body` with what is needed to look through the sets once: an empty index and what compares exactly.
  func withSearch<Result>(_ body: (CandidateIndex, GramScorer) -> Result) -> Result {
    let index = CandidateIndex(
      lists, similarity: similarity, items: classes.representatives, choice: choice)
    return body(index, GramScorer(corpus, similarity: similarity))
  }
}

/// How alike two sets are, from the sets themselves.
struct GramScorer {
  private let corpus: GramCorpus
  private let comparer: GramComparer
  private let similarity: NGramSimilarity

  init(_ corpus: GramCorpus, similarity: NGramSimilarity) {
    self.corpus = corpus
    comparer = GramComparer(corpus)
    self.similarity = similarity
  }

  /// How alike two items are, none of them empty; nil when that is below the threshold.
  func score(_ item: UInt32, _ other: UInt32) -> Double? {
    let score = similarity.score(
      common: comparer.common(Int(item), Int(other)), corpus.size(of: Int(item)), corpus.size(of: Int(other)))
    return score >= similarity.threshold ? score : nil
  }
}
