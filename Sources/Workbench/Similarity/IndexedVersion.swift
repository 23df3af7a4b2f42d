import Curation
import History
import Objects
import Records

/// The texts of a version's records, to be compared with by ROUGE-L: from an index beside the objects, which learns what is
/// new of a version when it is asked for it.
struct IndexedVersion {
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
      try RougeLIndex([], parameters: parameters), kind: "rouge-l",
      parameters: .object([
        JSONMember("tokenizer", .string(parameters.tokenizer)),
        JSONMember("fields", .string(parameters.field)),
      ]), in: workspace
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

/// Where items stand in a checkout, when that is not their own order.
struct CheckoutOrder {
  /// For each item its number; nil for those that the version does not have.
  let numbers: [UInt32?]
  /// The item of a number.
  let items: [Int]

  /// Nil when all items are there, in order.
  init?(_ count: Int, _ dead: [Bool], _ version: QueriedVersion, record: (Int) -> RecordID) throws {
    var orders: [(order: UInt64, item: Int)] = []
    orders.reserveCapacity(count)
    var last: (batch: BatchPrefix, order: UInt64)?
    var isInOrder = true
    for item in 0..<count where !dead[item] {
      let record = record(item)
      // Records of a batch follow each other as a rule.
      if let known = last, known.batch == record.batch {
        last = (record.batch, (known.order >> 32) << 32 | UInt64(record.row))
      } else {
        last = (record.batch, try version.order(of: record))
      }
      let order = last?.order ?? 0
      if let previous = orders.last, previous.order > order { isInOrder = false }
      orders.append((order, item))
    }
    if isInOrder, orders.count == count { return nil }
    if !isInOrder { orders.sort { $0.order < $1.order } }
    var numbers = [UInt32?](repeating: nil, count: count)
    for (number, place) in orders.enumerated() { numbers[place.item] = UInt32(number) }
    self.numbers = numbers
    items = orders.map(\.item)
  }
}
