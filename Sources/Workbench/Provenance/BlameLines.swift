import History
import Objects
import Records

/// Tells where records of one version came from: what is the same for a whole batch is looked up once.
struct BlameLines {
  let workspace: Workspace
  let commit: Commit
  private let reader: RecordReader
  private var batches: [BatchPrefix: BatchSummary] = [:]
  private var commits: [CommitID: CommitSummary] = [:]
  /// The commit that first held a batch, when the version follows it.
  private var first: [BatchPrefix: CommitID?] = [:]

  init(_ workspace: Workspace, _ commit: Commit) throws {
    self.workspace = workspace
    self.commit = commit
    reader = try RecordReader(workspace.store)
  }

  /// - Parameter task: the row's; nil when it is the record's.
  mutating func row(_ find: BlameFinds.Find, _ entry: TreeEntry?, task: String?) throws -> BlameRow {
    let line = find.line > 0 ? find.line : nil
    guard let entry else { return BlameRow(line: line, match: find.match, instruction: task ?? "") }
    return BlameRow(
      line: line, match: find.match, record: try workspace.short(entry.key), commit: try brought(entry),
      batch: try batch(entry.origin.batch), origin: try reader.origins.summary(entry),
      instruction: try task ?? reader.pair(entry).instruction)
  }

  private mutating func batch(_ prefix: BatchPrefix) throws -> BatchSummary {
    if let known = batches[prefix] { return known }
    let (id, batch) = try reader.origins.batch(prefix)
    let summary = try workspace.summary(id, batch)
    batches[prefix] = summary
    return summary
  }

  /// The commit that brought a record's content: the first that held the batch which the content came in, unless that
  /// one is not part of the version's history, as when two branches imported the same file.
  private mutating func brought(_ entry: TreeEntry) throws -> CommitSummary? {
    let prefix = entry.origin.batch
    let known: CommitID?
    if let found = first[prefix] {
      known = found
    } else {
      let found = try workspace.repository.index().batch(prefix)?.commit
      known = try found.flatMap { id in
        try id == commit.id || workspace.repository.git().isAncestor(id, of: commit.id) ? id : nil
      }
      first[prefix] = .some(known)
    }
    let id =
      try known
      ?? workspace.repository.index().changes(of: entry.key, reachableFrom: commit.id).last?.commit
    return try id.map { try summary($0) }
  }

  private mutating func summary(_ id: CommitID) throws -> CommitSummary {
    if let known = commits[id] { return known }
    let summary = try workspace.summary(try workspace.commit(id))
    commits[id] = summary
    return summary
  }
}

extension OriginReader {
  /// Where a record's present content came from: the row of its edit, with what only its first row says.
  func summary(_ entry: TreeEntry) throws -> OriginSummary {
    var summary = try summary(entry.origin)
    guard entry.origin != entry.key else { return summary }
    let known = try provenance(entry)
    summary.teacher = known.teacher
    summary.license = known.license
    summary.prompts = known.prompts
    summary.seeds = known.seeds
    summary.scores = known.scores.map { ($0.name, $0.value) }
    return summary
  }
}
