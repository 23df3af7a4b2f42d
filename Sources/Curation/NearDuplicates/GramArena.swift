internal import CKernels

/// Memory for sets, one behind the other, in large pieces: pages that are cleared two megabytes at a time.
struct GramArena {
  private static let piece = 4 << 20
  private var pages: Pages<UInt64>
  /// Bytes of the piece that are taken.
  private var taken = 0

  init() { pages = Pages(Self.piece / 8) }

  /// Lets `make` write a set of up to `grams` grams and say how many bytes it took; adds it to `sets`.
  mutating func add(
    to sets: inout GramSets, grams: Int, _ make: (UnsafeMutablePointer<ck_gram_set>) -> Int
  ) {
    let bytes = ck_gram_set_bytes(grams)
    if 8 * pages.count - taken < bytes {
      pages = Pages(max(Self.piece, bytes) / 8)
      taken = 0
    }
    let place = UnsafeMutableRawPointer(pages.base) + taken
    let set = place.assumingMemoryBound(to: ck_gram_set.self)
    taken += make(set)
    sets.append(set, owner: pages)
  }
}
