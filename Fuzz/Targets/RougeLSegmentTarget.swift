import Curation
import Records

extension FuzzTarget {
  /// A segment of an index for ROUGE-L, whose header's checksum is put right so that what lies behind it is reached.
  ///
  /// It is refused, or asked without a trap: what it answers is among its items, and it can be added to. A segment that says
  /// it is whole is merged into one that is.
  static let rougeLSegment = FuzzTarget("rouge-l-segment", longest: 4096) { input in
    do {
      let segment = try RougeLSegment(sealed(input))
      let index = try RougeLIndex([segment], parameters: segment.parameters)
      try ask(index)
      try index.verify()
      // A segment without items is none of the index's.
      guard !index.segments.isEmpty else { return true }
      let merged = try RougeLSegment(try index.merged(0..<index.segments.count))
      do {
        try merged.verify()
      } catch {
        throw BrokenPromise("a merged segment that is not whole: \(error)")
      }
      try ask(try RougeLIndex([merged], parameters: segment.parameters))
    } catch is RougeLIndexError {
      return false
    }
    return true
  }

  private static func ask(_ index: RougeLIndex) throws {
    var encoder = TokenEncoder(.rouge)
    var lists = TokenLists()
    for text in ["what is asthma", "name three drugs for asthma", "what is it", ""] {
      encoder.append(text, to: &lists)
    }
    let batch = index.batch(lists) { encoder.lexicon[$0] }
    let filter = try RougeLFilter(threshold: 0.5)
    let decisions = try filter.decisions(on: batch.lists, known: [index.pool])
    let scores = try filter.scores(of: batch.lists, decisions: decisions, known: [index.pool], neighbours: 3)
    for neighbour in decisions.compactMap(\.nearest) + scores.nearest.joined() {
      try promise(neighbour.score > 0 && neighbour.score <= 1, "a score of \(neighbour.score)")
      if case .known(let item) = neighbour.item {
        try promise((0..<index.count).contains(item), "item \(item) of \(index.count)")
        _ = index.id(of: item)
      }
    }
    let chosen = decisions.indices.filter { decisions[$0].isKept }
    let added = try RougeLSegment(
      try index.segment(
        adding: chosen, of: batch,
        ids: chosen.compactMap { _ in ObjectID(bytes: repeatElement(7, count: 32)) }))
    do {
      try added.verify()
      _ = try RougeLIndex(index.segments + [added], parameters: index.parameters)
    } catch {
      throw BrokenPromise("a segment that was just made is refused: \(error)")
    }
  }

  /// The same with the checksum that ends the header, as `SegmentLayout` describes it.
  private static func sealed(_ input: [UInt8]) -> [UInt8] {
    var bytes = input
    guard bytes.count >= 88 else { return bytes }
    func number(_ offset: Int, _ count: Int) -> Int {
      bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let end = 88 + number(56, 2) + number(58, 2) + 16 * number(60, 4)
    guard end + 8 <= bytes.count else { return bytes }
    var state = UInt64(end) ^ 0x9E37_79B9_7F4A_7C15
    func step(_ value: UInt64) {
      let product = (state ^ value) &* 0xBF58_476D_1CE4_E5B9
      state = product ^ product >> 32
    }
    for word in 0..<end / 8 { step((0..<8).reversed().reduce(0) { $0 << 8 | UInt64(bytes[8 * word + $1]) }) }
    for place in end / 8 * 8..<end { step(UInt64(bytes[place])) }
    for place in 0..<8 { bytes[end + place] = UInt8(truncatingIfNeeded: state >> UInt64(8 * place)) }
    return bytes
  }
}
