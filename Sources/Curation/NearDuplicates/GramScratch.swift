internal import CKernels

/// One thread's memory for the grams of one list.
struct GramScratch {
  private let hashes: Pages<UInt64>
  private let keys: Pages<UInt64>
  private let table: Pages<UInt64>

  init(longest: Int) {
    hashes = Pages(longest)
    keys = Pages(longest)
    table = Pages(ck_gram_table_size(longest))
  }

  var kernel: ck_gram_scratch {
    ck_gram_scratch(hashes: hashes.base, keys: keys.base, table: table.base)
  }
}

/// Counts how many grams of one set others have too.
final class GramComparer {
  private let lists: TokenCorpus
  private let n: Int
  private let hashes: Pages<UInt64>
  private let keys: Pages<UInt64>
  private let slots: Pages<UInt64>
  private let rounds: Pages<UInt32>
  private var table: ck_gram_table
  private var filled: Int?

  init(_ lists: TokenCorpus, n: Int, longest: Int) {
    let size = ck_gram_table_size(longest)
    self.lists = lists
    self.n = n
    hashes = Pages(longest)
    keys = Pages(longest)
    slots = Pages(size)
    rounds = Pages(size)
    table = ck_gram_table(
      hashes: hashes.base, keys: keys.base, table: slots.base, rounds: rounds.base, mask: 0, round: 0)
  }

  /// The number of grams that the sets of two items, none of them empty, have in common. Cheapest when `item` stays the same.
  func common(_ item: Int, _ other: Int) -> Int {
    if filled != item {
      lists.withTokens(of: item) { ck_gram_table_fill(&table, $0, $1, n) }
      filled = item
    }
    return lists.withTokens(of: other) { ck_gram_table_common(&table, $0, $1, n) }
  }

  /// Whether two lists are the same.
  func areEqual(_ item: Int, _ other: Int) -> Bool {
    lists.withTokens(of: item) { tokens, count in
      lists.withTokens(of: other) { others, otherCount in
        count == otherCount
          && UnsafeBufferPointer(start: tokens, count: count)
            .elementsEqual(UnsafeBufferPointer(start: others, count: count))
      }
    }
  }
}
