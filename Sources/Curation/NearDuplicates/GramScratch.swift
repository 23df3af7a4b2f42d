internal import CKernels

/// One thread's memory for the grams of one text.
struct GramScratch {
  /// The most grams there is room for.
  let longest: Int
  private let grams: Pages<UInt64>
  private let table: Pages<UInt64>

  init(longest: Int) {
    self.longest = longest
    grams = Pages(longest)
    table = Pages(ck_gram_table_size(longest))
  }

  var kernel: ck_gram_scratch { ck_gram_scratch(grams: grams.base, table: table.base) }
}
