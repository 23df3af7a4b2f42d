internal import CKernels

/// Counts how many grams of one set others have too.
final class GramComparer {
  private let lists: [ck_token_lists]
  /// The number of each group's first list.
  private let starts: [Int]
  private let n: Int
  private var hashes: Pages<UInt64>
  private let keys: Pages<UInt64>
  private let slots: Pages<UInt64>
  private let rounds: Pages<UInt32>
  private var table: ck_gram_table
  private var filled = -1

  /// - Parameter lists: memory that stays where it is for as long as this is used.
  init(_ lists: [ck_token_lists], starts: [Int], n: Int, longest: Int) {
    let size = ck_gram_table_size(longest)
    self.lists = lists
    self.starts = starts
    self.n = n
    hashes = Pages(longest)
    keys = Pages(longest)
    slots = Pages(size)
    rounds = Pages(size)
    table = ck_gram_table(
      hashes: hashes.base, keys: keys.base, table: slots.base, rounds: rounds.base, mask: 0, round: 0)
  }

  /// The number of grams that the sets of two items, none of them empty, have in common. Cheapest when `item` stays the same.
  func common(_ item: Int, _ other: Int) -> Int { common(item, with: tokens(of: other)) }

  /// The number of grams that the set of an item has in common with those of tokens from elsewhere.
  func common(_ item: Int, with others: UnsafeBufferPointer<UInt32>) -> Int {
    let grams = ck_gram_count(others.count, n)
    if grams > hashes.count {
      hashes = Pages(grams)
      table.hashes = hashes.base
    }
    if filled != item {
      let tokens = tokens(of: item)
      ck_gram_table_fill(&table, tokens.baseAddress, tokens.count, n)
      filled = item
    }
    return ck_gram_table_common(&table, others.baseAddress, others.count, n)
  }

  /// Whether two lists are the same.
  func areEqual(_ item: Int, _ other: Int) -> Bool {
    let (tokens, others) = (tokens(of: item), tokens(of: other))
    return tokens.elementsEqual(others)
  }

  private func tokens(of item: Int) -> UnsafeBufferPointer<UInt32> {
    var part = 0
    while starts[part + 1] <= item { part += 1 }
    let lists = lists[part]
    let start = lists.offsets[item - starts[part]]
    return UnsafeBufferPointer(
      start: lists.ids.map { $0 + start }, count: lists.offsets[item - starts[part] + 1] - start)
  }
}
