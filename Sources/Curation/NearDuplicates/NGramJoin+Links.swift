extension NGramJoin {
  /// All pairs that are alike, each once, sorted by first and second.
  ///
  /// A cluster of m items has up to m (m - 1) / 2 of them: where only what stays is wanted, see
  /// ``decisions(rank:reach:dropsAll:)``.
  public func links() -> [DuplicateLink] {
    var links: [DuplicateLink] = []
    forEachClassLink { one, other, score in
      for first in classes.members(of: one) {
        for second in classes.members(of: other) {
          links.append(DuplicateLink(Int(first), Int(second), score: score))
        }
      }
    }
    for number in 0..<classes.count {
      let members = classes.members(of: number)
      for (place, first) in members.enumerated() {
        for second in members.dropFirst(place + 1) {
          links.append(DuplicateLink(Int(first), Int(second), score: 1))
        }
      }
    }
    return links.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  /// Calls `body` with each couple of classes that are alike, once.
  func forEachClassLink(_ body: (Int, Int, Double) -> Void) {
    withSearch { index, scorer in
      let items = classes.representatives
      for (number, item) in items.enumerated() {
        index.prefetch(items, after: number)
        for other in index.candidates(for: item) {
          guard let score = scorer.score(item, other) else { continue }
          body(Int(classes.classes[Int(other)]), number, score)
        }
        index.add(item)
      }
    }
  }
}
