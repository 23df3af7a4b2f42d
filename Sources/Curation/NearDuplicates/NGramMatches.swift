/// What is alike in two groups of items, when one is to be taken out of the other: A minus B.
public struct NGramMatches: Sendable {
  /// An item of A and the item of B that it is most alike to; of several, the first.
  public struct Match: Hashable, Sendable {
    /// Its place in A.
    public let item: Int
    /// The other's place in B.
    public let other: Int
    /// How alike the two are.
    public let score: Double
  }

  /// One for each item of A that is alike to one of B at least, in ascending order.
  public let matches: [Match]

  /// Finds for each item of A what it is most alike to in B. Items of A are not compared with each other.
  public init(_ items: GramSets, in others: GramSets, similarity: NGramSimilarity, threads: Int = 1) {
    self.init(items, in: others, similarity: similarity, threads: threads, choice: .cheapest)
  }

  init(
    _ items: GramSets, in others: GramSets, similarity: NGramSimilarity, threads: Int,
    choice: CandidateIndex.Choice
  ) {
    // B comes first: a class's first item is its first in B.
    let join = NGramJoin(
      [others, items], similarity: similarity, threads: threads, choice: choice)
    let known = others.count
    let representatives = join.classes.representatives
    var matches: [Match] = []
    join.withSearch { index, scorer in
      for item in representatives where item < known { index.add(item) }
      for (number, item) in representatives.enumerated() {
        let members = join.classes.members(of: number).drop { $0 < known }
        if members.isEmpty { continue }
        var best: (other: UInt32, score: Double)? = item < known ? (item, 1) : nil
        for other in index.candidates(for: item) where other != item {
          guard let score = scorer.score(item, other) else { continue }
          if let best, score < best.score || score == best.score && other > best.other { continue }
          best = (other, score)
        }
        guard let best else { continue }
        for member in members {
          matches.append(Match(item: Int(member) - known, other: Int(best.other), score: best.score))
        }
      }
    }
    self.matches = matches.sorted { $0.item < $1.item }
  }
}
