import Curation
import History
import Objects
import Records

/// The texts of a version's records, to be compared with by ROUGE-L: from an index beside the objects, which learns what is
/// new of a version when it is asked for it.
struct IndexedSequences {
  /// The lists, numbered in the order of a checkout.
  let pool: RougeLPool
  private let index: RougeLIndex
  /// The item of a number; nil where they are the same.
  private let items: [Int]?

  /// - Throws: ``Failure`` and what reading the version throws. What is wrong with the index's files is no error.
  init(_ commit: Commit, _ fields: [PairField], _ tokenizer: TokenizerName, in workspace: Workspace) throws {
    let version = try QueriedVersion(commit, in: workspace)
    let parameters = RougeLIndexParameters(
      tokenizer: tokenizer.version, field: fields.map(\.rawValue).joined(separator: "+"))
    var growing = GrowingIndex(
      try RougeLIndex([], parameters: parameters), kind: "rouge-l", in: workspace
    ) { index, entries, ids in
      var encoder = TextEncoder(tokenizer)
      var texts = TokenTexts()
      try RecordScan(workspace).read(
        entries, work: { try ComparedText(of: $0, fields: fields, groupBy: nil) },
        take: { encoder.append($1, to: &texts) })
      let batch = index.batch(texts.lists) { encoder.spelling(of: $0) }
      return try index.segment(adding: Array(ids.indices), of: batch, ids: ids)
    }
    try growing.catchUp(to: version)
    let index = growing.index
    let order = try CheckoutOrder(index.count, growing.dead, version) {
      IndexedItem.record(index.id(of: $0))
    }
    self.index = index
    items = order?.items
    pool = order.map { index.pool(numbering: $0.numbers) } ?? index.pool
  }

  /// The record that the pool numbers so.
  func record(_ number: Int) -> RecordID { IndexedItem.record(index.id(of: items?[number] ?? number)) }

  /// Lists of an encoder in the index's own numbers.
  func lists(_ lists: TokenLists, of encoder: TextEncoder) -> TokenLists {
    index.batch(lists) { encoder.spelling(of: $0) }.lists
  }
}
