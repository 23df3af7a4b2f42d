import Curation
import History
import Objects
import Records

/// The word n-grams of a version's records, from an index beside the objects that learns what is new of a version when it is
/// asked for it.
struct IndexedWords {
  /// A text and the record that it is most alike to: of several, the first in a checkout.
  struct Match {
    let item: Int
    let record: RecordID
    let score: Double
  }

  private let index: NGramIndex
  /// Items that the version does not have.
  private let dead: [Bool]
  private let version: QueriedVersion

  /// - Throws: ``Failure`` and what reading the version throws. What is wrong with the index's files is no error.
  init(
    _ commit: Commit, _ fields: [PairField], _ similarity: NGramSimilarity, _ tokenizer: TokenizerName,
    in workspace: Workspace
  ) throws {
    version = try QueriedVersion(commit, in: workspace)
    let parameters = NGramIndexParameters(
      similarity: similarity, tokenizer: tokenizer.version,
      field: fields.map(\.rawValue).joined(separator: "+"))
    var growing = GrowingIndex(
      try NGramIndex([], parameters: parameters), kind: "words", in: workspace
    ) { index, entries, ids in
      let sets = try Self.sets(entries, fields, similarity, tokenizer, workspace)
      return try index.segment(
        adding: Array(ids.indices), of: sets, ids: ids, threads: workspace.session.threads)
    }
    try growing.catchUp(to: version)
    (index, dead) = (growing.index, growing.dead)
  }

  private static func sets(
    _ entries: ArraySlice<TreeEntry>, _ fields: [PairField], _ similarity: NGramSimilarity,
    _ tokenizer: TokenizerName, _ workspace: Workspace
  ) throws -> GramSets {
    var rest = entries
    let empty = GramSets(n: similarity.n)
    var sets = empty
    try RecordScan(workspace).readGroups(
      next: { rest.popFirst() }, making: { WordReader(GramEncoder(tokenizer, n: similarity.n)) },
      empty: empty,
      work: { reader, pair, sets in try reader.read(pair, fields, into: &sets) },
      take: { sets.append(contentsOf: $1) })
    return sets
  }

  /// One for each text that is alike to a record at least, in ascending order.
  func matches(of sets: GramSets, threads: Int) throws -> [Match] {
    var best: [Match] = []
    for match in try index.matches(of: sets, threads: threads) where !dead[match.other] {
      let found = Match(
        item: match.item, record: IndexedItem.record(index.id(of: match.other)), score: match.score)
      guard let last = best.last, last.item == found.item else {
        best.append(found)
        continue
      }
      let isFirst = try version.order(of: found.record) < version.order(of: last.record)
      if found.score > last.score || found.score == last.score && isFirst {
        best[best.count - 1] = found
      }
    }
    return best
  }
}
