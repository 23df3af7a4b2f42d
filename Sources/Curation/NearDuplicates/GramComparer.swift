internal import CKernels
import Glibc

/// Counts how many grams one set has that others have, too.
final class GramComparer {
  private let corpus: GramCorpus
  private let slots: Pages<UInt64>
  private var table: ck_gram_table
  private var filled = -1

  init(_ corpus: GramCorpus) {
    self.corpus = corpus
    slots = Pages(ck_gram_table_size(corpus.longest))
    table = ck_gram_table(slots: slots.base, mask: 0)
  }

  /// The number of grams that the sets of two items have in common. Cheapest when `item` stays the same.
  func common(_ item: Int, _ other: Int) -> Int { common(item, with: corpus[other]) }

  /// The number of grams that the set of an item has in common with one from elsewhere.
  func common(_ item: Int, with other: UnsafePointer<ck_gram_set>) -> Int {
    if filled != item {
      ck_gram_table_fill(&table, corpus[item])
      filled = item
    }
    return ck_gram_table_common(&table, other)
  }

  /// Whether two items have the same set.
  func areEqual(_ item: Int, _ other: Int) -> Bool {
    let (head, another) = (corpus.heads[item], corpus.heads[other])
    guard head.digest == another.digest, head.size == another.size else { return false }
    let size = Int(head.size)
    // Most have their grams in the same order.
    return memcmp(corpus[item], corpus[other], ck_gram_set_bytes(size)) == 0 || common(item, other) == size
  }
}
