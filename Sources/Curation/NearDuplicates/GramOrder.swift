internal import CKernels

/// The order in which grams of all sets are looked at: by how frequent they are in a sample, then by their numbers.
///
/// A pair of alike sets shares a gram early in any order, so results never depend on the counts; the fewer sets share the
/// early grams, the less there is to compare.
struct GramOrder: Sendable {
  let bins: Pages<UInt8>
  let bits: Int

  /// An order that was kept.
  init(bins: Pages<UInt8>, bits: Int) {
    self.bins = bins
    self.bits = bits
  }

  var kernel: ck_gram_order { ck_gram_order(bins: bins.base, bits: Int32(bits)) }

  /// Counts every 16th set, and at least some thousands where there are as many.
  init(sampling corpus: GramCorpus) {
    let step = max(1, min(16, corpus.count / 4_096))
    let sampled = Self.bits(for: corpus.grams / step * 2, atMost: 24)
    let counts = Pages<UInt8>(1 << sampled)
    ck_gram_order_count(corpus.kernel, corpus.count, step, counts.base, Int32(sampled))
    // Every gram of every set looks here, so it is as small as a near cache.
    bits = Self.bits(for: corpus.grams / step, atMost: 21)
    bins = Pages(1 << bits)
    ck_gram_order_fill(corpus.kernel, corpus.count, step, counts.base, Int32(sampled), kernel)
  }

  /// The number of bits that count to at least `count`.
  static func bits(for count: Int, from least: Int = 10, atMost most: Int) -> Int {
    min(most, max(least, Int.bitWidth - max(0, count - 1).leadingZeroBitCount))
  }
}
