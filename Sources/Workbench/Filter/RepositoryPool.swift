import History
import Objects
import Records

/// What new tasks are compared with in a repository beside a version: the seeds that its batches were made from, and what is
/// staged.
struct RepositoryPool {
  private let workspace: Workspace
  /// The seeds of the version's batches and of staged ones, each once, in the order of the batches.
  let seeds: [Seed]
  /// The rows that are staged, as the records that they will be.
  let staged: [TreeEntry]

  /// - Parameter head: nil before the first version.
  init(_ head: Commit?, in workspace: Workspace) throws {
    self.workspace = workspace
    let waiting = try workspace.repository.stagedBatches()
    staged = try waiting.flatMap { batch in
      try workspace.repository.staging.pairs(of: batch).enumerated().map { row, pair in
        TreeEntry(key: RecordID(batch: BatchPrefix(of: batch.batch), row: UInt32(row + 1)), object: pair)
      }
    }
    var seen: Set<ObjectID> = []
    let batches = try (head.map(workspace.batchIDs) ?? []) + waiting.map(\.batch)
    seeds = try batches.flatMap { try workspace.batch($0).seeds }.filter { seen.insert($0.object).inserted }
      .map { try Seed(parsing: workspace.store.read($0.object, .seed)) }
  }

  /// Calls `take` with the text of each seed, then of each staged row.
  func read(
    _ fields: [PairField], groupBy facet: Facet?, take: (ItemPlace, ComparedText) throws -> Void
  ) throws {
    for seed in seeds {
      let pair = Pair(instruction: seed.instruction, input: seed.input, output: seed.output ?? "")
      let text = try pair.canonicalBytes.withUnsafeBytes { bytes in
        try ComparedText(of: ReadPair(bytes: bytes) { seed.json(of: $0) }, fields: fields, groupBy: facet)
      }
      try take(.seed(seed.id), text)
    }
    try RecordScan(workspace).read(
      staged[...], work: { try ComparedText(of: $0, fields: fields, groupBy: facet) },
      take: { try take(.record($0.key), $1) })
  }
}

extension Seed {
  /// What it says of itself by a name, as canonical JSON; nil when it says nothing.
  fileprivate func json(of facet: Facet) -> [UInt8]? {
    let value: JSONValue? =
      switch facet.name {
      case "topic": topic.map { .string($0) }
      case "type": type.map { .string($0) }
      case "view": view.map { .string($0) }
      case "difficulty": difficulty.map { .integer($0) }
      case "license": license.map { .string($0) }
      default: extra.first { $0.name == facet.name }?.value
      }
    return value.map { CanonicalJSON.encode($0) }
  }
}
