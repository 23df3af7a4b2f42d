import History
import Objects
import Records

/// Stages files for the next commit: each becomes a batch.
public struct AddRequest: Sendable {
  /// Paths, addresses, or `-`.
  public var sources: [String]
  /// How they are read and what is known about their rows.
  public var provenance: ImportRequest.Provenance

  /// A request.
  public init(sources: [String], provenance: ImportRequest.Provenance) {
    self.sources = sources
    self.provenance = provenance
  }

  /// - Throws: ``Failure``; then nothing has been staged.
  public func run(in session: Session) throws -> AddResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      return try workspace.writing { writer in
        let imports = try workspace.read(
          sources.map { ImportRequest(source: $0, provenance: provenance) }, into: writer)
        let transaction = try workspace.begin(
          "add", "add \(imports.map(\.name).joined(separator: ", "))", pack: writer)
        let known = Set(try workspace.headCommit().map(workspace.batchIDs) ?? [])
        for batch in imports where known.contains(batch.id) {
          throw try Append.alreadyThere(batch.id, named: batch.name, workspace)
        }
        for batch in imports { try transaction.stage(batch.staged, pairs: batch.pairs) }
        try transaction.finish()
        return AddResult(batches: try imports.map { try workspace.summary($0.change) })
      }
    }
  }
}

/// What was staged.
public struct AddResult: Sendable {
  /// In the order of the sources.
  public var batches: [ImportSummary]
}
