internal import CKernels

/// Finds what may be alike by comparing with the signatures of all sets whose sizes allow it: for grams so frequent, as
/// single words are, that most sets share some.
final class SignatureIndex {
  private let corpus: GramCorpus
  private let bound: ck_bound
  private let isa: ck_isa
  /// The different sizes, ascending, with the place of the first set of each; places are multiples of 8.
  private let sizes: [Int]
  private let starts: [Int]
  private var counts: [Int]
  private let regions: [UInt32: Int]
  private let blocks: Pages<UInt64>
  private let items: Pages<UInt32>
  private let positions: Pages<UInt32>
  private let found: Pages<UInt32>

  /// An empty index with room for `items`.
  init(_ corpus: GramCorpus, bound: ck_bound, items: [UInt32], isa: ck_isa = CK_BEST) {
    self.corpus = corpus
    self.bound = bound
    self.isa = isa
    let rooms = Self.sizes(of: items, in: corpus)
    sizes = rooms.map(\.size)
    var starts = [0]
    for room in rooms { starts.append((starts.last ?? 0) + (room.count + 7) / 8 * 8) }
    self.starts = starts
    counts = Array(repeating: 0, count: rooms.count)
    regions = Dictionary(
      uniqueKeysWithValues: sizes.enumerated().map { (UInt32($0.element), $0.offset) })
    let room = starts.last ?? 0
    blocks = Pages(4 * room)
    self.items = Pages(room)
    positions = Pages((rooms.map(\.count).max() ?? 0) + 8)
    found = Pages(items.count)
  }

  /// An upper bound of the signatures that are read when every item is added and looked for.
  static func visits(_ corpus: GramCorpus, bound: ck_bound, items: [UInt32]) -> Double {
    let rooms = sizes(of: items, in: corpus)
    var visits = 0.0
    for (place, one) in rooms.enumerated() {
      for other in rooms[place...]
      where ck_bound_required(bound, one.size, other.size) <= one.size {
        visits += Double(one.count) * Double(other.count)
      }
    }
    return visits
  }

  func add(_ item: UInt32) {
    guard let region = regions[corpus.heads[Int(item)].size] else { return }
    let place = starts[region] + counts[region]
    counts[region] += 1
    items[place] = item
    let signature = corpus.heads[Int(item)].signature
    let block = place / 8 * 32 + place % 8
    (blocks[block], blocks[block + 8]) = (signature.0, signature.1)
    (blocks[block + 16], blocks[block + 24]) = (signature.2, signature.3)
  }

  /// The items added so far that may be alike to `item`, each once; valid until the next call.
  func candidates(for item: UInt32) -> UnsafeBufferPointer<UInt32> {
    let size = corpus.size(of: Int(item))
    let signature = corpus.signature(of: Int(item))
    var total = 0
    for (region, other) in sizes.enumerated() where counts[region] > 0 {
      let required = ck_bound_required(bound, size, other)
      guard required <= min(size, other) else { continue }
      // Each bit that differs is at least one gram that only one of the two has.
      let limit = UInt64(size + other - 2 * required)
      let count = ck_signature_scan(
        isa, blocks.base + 4 * starts[region], counts[region], signature, limit,
        positions.base)
      for position in 0..<count {
        found[total] = items[starts[region] + Int(positions[position])]
        total += 1
      }
    }
    return UnsafeBufferPointer(start: found.base, count: total)
  }

  private static func sizes(of items: [UInt32], in corpus: GramCorpus) -> [(size: Int, count: Int)] {
    var counts: [UInt32: Int] = [:]
    for item in items { counts[corpus.heads[Int(item)].size, default: 0] += 1 }
    return counts.map { (Int($0.key), $0.value) }.sorted { $0.0 < $1.0 }
  }
}
