import Curation
import History
import Records

/// Items that are duplicates of what others have: A minus B.
struct DedupMinus {
  private let items: DedupItems
  private let reading: DedupReading
  private let session: Session

  init(_ items: DedupItems, _ reading: DedupReading, _ session: Session) {
    self.items = items
    self.reading = reading
    self.session = session
  }

  /// An item and what it is most alike to: of several, the first.
  private struct Twin {
    let item: Int
    let other: ItemPlace
    var entry: TreeEntry?
    let score: Double
    let isSame: Bool
  }

  /// In the order of the items; each is a duplicate of what the first of the others has that has any.
  func drops(_ others: [NamedSource]) throws -> [DedupPlan.Drop] {
    var found: [Int: DedupPlan.Drop] = [:]
    for other in others {
      for twin in try twins(in: other) where found[twin.item] == nil {
        found[twin.item] = DedupPlan.Drop(
          item: twin.item, other: twin.other, otherEntry: twin.entry,
          rule: reading.measure.rule(isSame: twin.isSame), score: twin.score)
      }
    }
    return found.values.sorted { $0.item < $1.item }
  }

  private func twins(in other: NamedSource) throws -> [Twin] {
    switch (items.compared, other.source) {
    case (.words(let sets, let similarity, let digests), .version(let commit, let workspace)):
      let known = try IndexedWords(
        commit, reading.measure.orderedFields, similarity, reading.tokenizer, in: workspace)
      let matches = try known.matches(of: sets, threads: session.threads)
      return try twins(matches.map { ($0.item, $0.record, $0.score) }, commit, workspace, digests)
    case (.sequences(let lists, let threshold, let digests), .version(let commit, let workspace)):
      let known = try IndexedSequences(
        commit, reading.measure.orderedFields, reading.tokenizer, in: workspace)
      let matches = try nearest(reading.aligned(lists, with: known), in: known.pool, threshold)
      return try twins(
        matches.map { ($0.item, known.record($0.other), $0.score) }, commit, workspace, digests)
    default: return try twins(read: other)
    }
  }

  /// The same from records of a version.
  private func twins(
    _ matches: [(item: Int, record: RecordID, score: Double)], _ commit: Commit, _ workspace: Workspace,
    _ digests: [ByteDigest]
  ) throws -> [Twin] {
    let tree = workspace.tree(of: commit)
    let reader = try RecordReader(workspace.store)
    return try matches.compactMap { item, record, score in
      guard let entry = try tree.entry(for: record) else { return nil }
      let digest = try reader.pairBytes(entry).withUnsafeBytes { ByteDigest(of: $0) }
      return Twin(
        item: item, other: .record(record), entry: entry, score: score, isSame: digest == digests[item])
    }
  }

  /// The same from what is read for it.
  private func twins(read other: NamedSource) throws -> [Twin] {
    let known = try reading.items(of: other.source, session)
    return try matches(in: known).map { item, twin, score in
      Twin(
        item: item,
        other: known.entries.isEmpty ? .other(file: other.name, row: twin + 1) : known.place(twin),
        entry: known.entries.isEmpty ? nil : known.entries[twin], score: score,
        isSame: items.isSame(item, as: twin, of: known))
    }
  }

  private func matches(in known: DedupItems) throws -> [(item: Int, other: Int, score: Double)] {
    switch (items.compared, known.compared) {
    case (.keys(let keys, _), .keys(let others, _)):
      keys.keys.enumerated().compactMap { item, key in others.first(with: key).map { (item, $0, 1) } }
    case (.words(let sets, let similarity, _), .words(let others, _, _)):
      NGramMatches(sets, in: others, similarity: similarity, threads: session.threads).matches.map {
        ($0.item, $0.other, $0.score)
      }
    case (.sequences(let lists, let threshold, _), .sequences(let others, _, _)):
      try nearest(lists, in: RougeLPool(others), threshold)
    // One reading reads all of them in one way.
    default: []
    }
  }

  private func nearest(
    _ lists: TokenLists, in pool: RougeLPool, _ threshold: Double
  ) throws -> [(item: Int, other: Int, score: Double)] {
    let filter = try RougeLFilter(threshold: threshold, policy: .known, threads: session.threads)
    return try filter.decisions(on: lists, known: [pool]).enumerated().compactMap { item, decision in
      guard let nearest = decision.nearest, case .known(let other) = nearest.item else { return nil }
      return (item, other, nearest.score)
    }
  }
}
