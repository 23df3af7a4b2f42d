import History
import Records
import Synchronization

/// One walk over a difference: changes are chosen, read and rendered by all threads, and counted and handed out in
/// order.
struct DiffWalk<Rendered: Sendable> {
  /// What a thread finds out about a change.
  private struct Seen: Sendable {
    let kind: RecordDelta.Kind
    let batch: BatchPrefix
    var values: [String?] = []
    var sample: ChangeSample?
    var rendered: Rendered?
  }

  private struct NamedDelta: Sendable {
    let name: String
    let delta: RecordDelta
  }

  private let request: DiffRequest
  private let comparison: Comparison
  /// Changes handed out so far: threads render none beyond the limit.
  private let shown = Shown()

  private final class Shown: Sendable {
    let count = Atomic(0)
  }

  /// Changes that a thread reads at a time: enough to share the chunks of neighbours.
  private static var slice: Int { 64 }

  init(_ request: DiffRequest, _ comparison: Comparison) {
    self.request = request
    self.comparison = comparison
  }

  /// - Parameters:
  ///   - render: makes of a change what `each` takes; nil when nothing is handed out.
  ///   - stops: whether to end at the limit, with the counts of what was seen until then.
  func run(
    render: (@Sendable (RecordChange) throws -> Rendered)?, stops: Bool = false,
    each: (Rendered) throws -> Void
  ) throws -> DiffResult {
    var tally = ChangeTally(facets: request.facets.count)
    var summary = request.isSummarized ? DiffSummary() : nil
    var deltas = comparison.deltas
    let (request, workspace, shown) = (request, comparison.workspace, shown)
    let (store, limit) = (workspace.store, request.limit ?? .max)
    let pipeline = Pipeline(threads: workspace.session.threads) { try RecordReader(store) }
    try pipeline.run(
      next: { () -> [NamedDelta]? in
        if stops, shown.count.load(ordering: .relaxed) >= limit { return nil }
        var slice: [NamedDelta] = []
        while slice.count < Self.slice, let delta = try deltas.next() {
          slice.append(NamedDelta(name: try workspace.short(delta.record), delta: delta))
        }
        return slice.isEmpty ? nil : slice
      },
      work: { reader, slice -> [Seen] in
        let isOver = shown.count.load(ordering: .relaxed) >= limit
        return try slice.compactMap { try Self.look(at: $0, request, reader, isOver ? nil : render) }
      },
      take: { changes in
        for change in changes {
          tally.add(change.kind, change.batch, change.values)
          if let sample = change.sample { summary?.add(sample) }
          if let rendered = change.rendered, shown.count.load(ordering: .relaxed) < limit {
            shown.count.add(1, ordering: .relaxed)
            try each(rendered)
          }
        }
      })
    var result = try comparison.result(tally, request.facets, summary)
    if render != nil { result.leftOut = result.counts.total - shown.count.load(ordering: .relaxed) }
    return result
  }

  /// Nil when the filter does not want the change.
  private static func look(
    at named: NamedDelta, _ request: DiffRequest, _ reader: RecordReader,
    _ render: (@Sendable (RecordChange) throws -> Rendered)?
  ) throws -> Seen? {
    let delta = named.delta
    let filter = request.filter
    guard try filter.holds(for: delta, reader.origins) else { return nil }
    var seen = Seen(kind: delta.kind, batch: delta.record.batch)
    if render != nil || request.isSummarized || !filter.fields.isEmpty {
      let change = RecordChange(
        record: named.name, kind: RecordChange.Kind(delta.kind), old: try delta.old.map(reader.side),
        new: try delta.new.map(reader.side), wanted: filter.fields)
      if !filter.fields.isEmpty, !change.touches(filter.fields) { return nil }
      if request.isSummarized { seen.sample = try ChangeSample(delta, change, reader.origins) }
      seen.rendered = try render?(change)
    }
    if let entry = delta.new ?? delta.old {
      seen.values = try request.facets.map { try reader.origins.value(of: $0, entry) }
    }
    return seen
  }
}
