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
