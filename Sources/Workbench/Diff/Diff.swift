import History
public import Records

/// Asks what changed between two versions.
public struct DiffRequest: Sendable {
  /// The older version.
  public var from: String
  /// The newer version.
  public var to: String

  /// A request.
  public init(from: String, to: String) {
    self.from = from
    self.to = to
  }

  /// Counts the changes, without reading a pair.
  ///
  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> DiffResult {
    try Failure.wrapping {
      let comparison = try Comparison(self, session)
      var tally = ChangeTally()
      var deltas = comparison.deltas
      while let delta = try deltas.next() { tally.add(delta) }
      return try comparison.result(tally)
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
      let comparison = try Comparison(self, session)
      try begin(comparison.from, comparison.to)
      var tally = ChangeTally()
      var deltas = comparison.deltas
      let workspace = comparison.workspace
      let store = workspace.store
      let pipeline = Pipeline(threads: session.threads) { try RecordReader(store) }
      try pipeline.run(
        next: {
          var slice: [NamedDelta] = []
          while slice.count < Self.slice, let delta = try deltas.next() {
            tally.add(delta)
            slice.append(NamedDelta(name: try workspace.short(delta.record), delta: delta))
          }
          return slice.isEmpty ? nil : slice
        },
        work: { reader, slice in
          try slice.map { named in
            let delta = named.delta
            return try render(
              RecordChange(
                record: named.name, kind: RecordChange.Kind(delta.kind), old: try delta.old.map(reader.side),
                new: try delta.new.map(reader.side)))
          }
        },
        take: { for rendered in $0 { try each(rendered) } })
      return try comparison.result(tally)
    }
  }

  /// Changes that a thread reads at a time: enough to share the chunks of neighbours.
  private static let slice = 64

  private struct NamedDelta: Sendable {
    let name: String
    let delta: RecordDelta
  }
}

/// Two versions of one repository.
private struct Comparison {
  let workspace: Workspace
  let from: CommitSummary
  let to: CommitSummary
  let deltas: TreeDiff

  init(_ request: DiffRequest, _ session: Session) throws {
    workspace = try Workspace(session)
    let old = try workspace.resolve(request.from)
    let new = try workspace.resolve(request.to)
    from = try workspace.summary(old)
    to = try workspace.summary(new)
    deltas = workspace.tree(of: old).diff(to: workspace.tree(of: new))
  }

  func result(_ tally: ChangeTally) throws -> DiffResult {
    DiffResult(
      from: from, to: to, counts: tally.counts,
      batches: try tally.batches.map { prefix, counts in
        BatchChange(
          batch: try workspace.short(prefix), name: try workspace.batch(prefix).source?.name, counts: counts)
      })
  }
}

/// Counts changes, in all and by batch. Changes come in the order of their records, so those of a batch are together.
private struct ChangeTally {
  private(set) var counts = ChangeCounts()
  private(set) var batches: [(BatchPrefix, ChangeCounts)] = []

  mutating func add(_ delta: RecordDelta) {
    counts.add(delta.kind)
    if batches.last?.0 != delta.record.batch { batches.append((delta.record.batch, ChangeCounts())) }
    batches[batches.count - 1].1.add(delta.kind)
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

/// The difference of two versions, in numbers.
public struct DiffResult: Sendable {
  /// The older version.
  public var from: CommitSummary
  /// The newer version.
  public var to: CommitSummary
  /// Over all records.
  public var counts = ChangeCounts()
  /// By the batch that brought the records, in the order of their ids.
  public var batches: [BatchChange] = []
}

/// What changed among the rows of one batch.
public struct BatchChange: Sendable {
  /// The batch, as its shortest unique prefix.
  public var batch: String
  /// The imported file's name.
  public var name: String?
  /// How many records.
  public var counts: ChangeCounts
}
