import Curation
import Records

extension FuzzTarget {
  /// A segment of an index for ROUGE-L, whose header's checksum is put right so that what lies behind it is reached.
  ///
  /// It is refused, or asked without a trap: what it answers is among its items, and it can be added to. A segment that says
  /// it is whole is merged into one that is.
  static let rougeLSegment = FuzzTarget("rouge-l-segment", longest: 4096) { input in
    do {
      var bytes = input
      if bytes.count >= 88 {
        let names = SegmentSeal.number(bytes, 56, 2) + SegmentSeal.number(bytes, 58, 2)
        SegmentSeal.seal(&bytes, at: 88 + Int(names + 16 * SegmentSeal.number(bytes, 60, 4)))
      }
      let segment = try RougeLSegment(bytes)
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
    } catch is SegmentError {
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
      _ = try index.adding(added)
    } catch {
      throw BrokenPromise("a segment that was just made is refused: \(error)")
    }
  }
}
