import History
import Records

/// Asks what changed between two versions.
public struct DiffRequest: Sendable {
  /// The older version.
  public var from: String
  /// The newer version.
  public var to: String
  /// Whether to begin where the two parted, at their best common ancestor, instead of at `from`.
  public var isFromCommonVersion = false
  /// Which changes are wanted: all others are neither counted nor shown.
  public var filter = DiffFilter()
  /// What the changes are counted by beside the batch.
  public var facets: [Facet] = []
  /// Whether to take the distributions before and after. That reads every changed record.
  public var isSummarized = false
  /// How many changes are handed out at most; all are counted. Nil for no limit.
  public var limit: Int?

  /// A request.
  public init(from: String, to: String) {
    self.from = from
    self.to = to
  }

  /// A request for a range, as it was written.
  public init(_ range: VersionRange) {
    self.init(from: range.from, to: range.to)
    isFromCommonVersion = range.isSymmetric
  }

  /// Counts the changes. Reads no pair unless the filter or a summary asks for one.
  ///
  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> DiffResult {
    try Failure.wrapping {
      let comparison = try Comparison(self, session)
      guard filter.needsReading || isSummarized || !facets.isEmpty else {
        var tally = ChangeTally(facets: 0)
        var deltas = comparison.deltas
        while let delta = try deltas.next() { tally.add(delta.kind, delta.record.batch) }
        return try comparison.result(tally, [], nil)
      }
      return try DiffWalk<Never>(self, comparison).run(render: nil, each: { _ in })
    }
  }

  /// Streams the changes in the order of their record ids.
  ///
  /// - Parameters:
  ///   - begin: gets the two versions before the first change.
  ///   - render: makes of a change what `each` takes; called by several threads.
  ///   - each: gets every change, in order.
  /// - Throws: ``Failure``, or what the closures throw.
  public func run<Rendered: Sendable>(
    in session: Session, begin: (CommitSummary, CommitSummary) throws -> Void = { _, _ in },
    render: @escaping @Sendable (RecordChange) throws -> Rendered, each: (Rendered) throws -> Void
  ) throws -> DiffResult {
    try Failure.wrapping {
      if let limit, limit < 0 { throw Failure(.usage, "`--limit` must not be negative") }
      let comparison = try Comparison(self, session)
      try begin(comparison.from, comparison.to)
      return try DiffWalk<Rendered>(self, comparison).run(render: render, each: each)
    }
  }
}
