import History
import Records

/// Counts changes, in all, by batch and by facet. Changes come in the order of their records, so those of a batch are
/// together.
struct ChangeTally {
  private(set) var counts = ChangeCounts()
  private(set) var batches: [(batch: BatchPrefix, counts: ChangeCounts)] = []
  private(set) var groups: [ValueTally<ChangeCounts>]

  /// - Parameter facets: how many facets values will be given of.
  init(facets: Int) {
    groups = Array(repeating: ValueTally(none: ChangeCounts()), count: facets)
  }

  mutating func add(_ kind: RecordDelta.Kind, _ batch: BatchPrefix, _ values: [String?] = []) {
    counts.add(kind)
    if batches.last?.batch != batch { batches.append((batch, ChangeCounts())) }
    batches[batches.count - 1].counts.add(kind)
    for (index, value) in values.enumerated() { groups[index].add(value) { $0.add(kind) } }
  }
}

extension ChangeCounts {
  fileprivate mutating func add(_ kind: RecordDelta.Kind) {
    switch kind {
    case .added: added += 1
    case .edited: edited += 1
    case .removed: removed += 1
    }
  }
}
