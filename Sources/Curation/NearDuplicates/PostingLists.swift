internal import CKernels

/// Where the postings of a join's items are kept: for each gram a list, all lists one behind the other.
struct PostingLists: Sendable {
  /// One part of the postings.
  struct Part: Sendable {
    let lists: Pages<UInt32>
    /// How many entries the lists have room for, with one a list that counts.
    let entries: Int
  }

  /// Whose postings are no more what they were, but the places of their lists.
  let prefixes: GramPrefixes
  let first: Part
  /// What the overlap coefficient needs besides.
  let other: Part?
  /// An upper bound of the entries that are visited when every item is added and looked for.
  let visits: Double

  /// Takes the postings of `prefixes` over, which nobody else may use then.
  init(_ prefixes: GramPrefixes, items: [UInt32]) {
    let counts = prefixes.postingCounts(of: items)
    precondition(counts.all < UInt32.max / 2, "more postings than can be numbered")
    let bits = GramOrder.bits(for: counts.first * 3 / 5, atMost: 28)
    let kernel = prefixes.kernel
    func begin(_ part: ck_posting_part) -> (begins: Pages<UInt32>, entries: Int) {
      let begins = Pages<UInt32>(1 << bits + 1)
      return (begins, ck_posting_lists_begin(kernel, part, items, items.count, begins.base, Int32(bits)))
    }
    let firsts = begin(CK_FIRST_POSTINGS)
    let others = counts.all > counts.first ? begin(CK_OTHER_POSTINGS) : nil
    visits = ck_posting_lists_visits(firsts.begins.base, others?.begins.base, Int32(bits))
    other = others.map { others in
      let lists = Pages<UInt32>(counts.all)
      ck_posting_lists_place(kernel, items, items.count, others.begins.base, Int32(bits), lists.base)
      return Part(lists: lists, entries: others.entries)
    }
    ck_posting_lists_place(kernel, items, items.count, firsts.begins.base, Int32(bits), kernel.postings)
    first = Part(lists: prefixes.postings, entries: firsts.entries)
    self.prefixes = prefixes
  }
}
