import History
import Records

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

  /// Streams the changes in the order of their record ids.
  ///
  /// - Parameters:
  ///   - each: gets every change with the content of both sides; nil when only counts are wanted, which then come
  ///     without reading a pair.
  ///   - begin: gets the two versions before the first change.
  /// - Throws: ``Failure``, or what the closures throw.
  public func run(
    in session: Session, each: ((RecordChange) throws -> Void)?,
    begin: (CommitSummary, CommitSummary) throws -> Void = { _, _ in }
  ) throws -> DiffResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let old = try workspace.resolve(from)
      let new = try workspace.resolve(to)
      let result = DiffResult(from: try workspace.summary(old), to: try workspace.summary(new))
      try begin(result.from, result.to)
      return try compare(old, new, in: workspace, into: result, each: each)
    }
  }

  private func compare(
    _ old: Commit, _ new: Commit, in workspace: Workspace, into empty: DiffResult,
    each: ((RecordChange) throws -> Void)?
  ) throws -> DiffResult {
    var result = empty
    var perBatch: [BatchPrefix: ChangeCounts] = [:]
    var order: [BatchPrefix] = []
    let records = try RecordReader(workspace)
    var deltas = workspace.tree(of: old).diff(to: workspace.tree(of: new))
    while let delta = try deltas.next() {
      if perBatch[delta.record.batch] == nil { order.append(delta.record.batch) }
      switch delta.kind {
      case .added:
        result.counts.added += 1
        perBatch[delta.record.batch, default: ChangeCounts()].added += 1
      case .edited:
        result.counts.edited += 1
        perBatch[delta.record.batch, default: ChangeCounts()].edited += 1
      case .removed:
        result.counts.removed += 1
        perBatch[delta.record.batch, default: ChangeCounts()].removed += 1
      }
      if let each { try each(records.change(delta)) }
    }
    result.batches = try order.map { prefix in
      let batch = try workspace.batch(prefix)
      return BatchChange(
        batch: try workspace.short(prefix), name: batch.source?.name,
        counts: perBatch[prefix] ?? ChangeCounts())
    }
    return result
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
