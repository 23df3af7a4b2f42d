import History
import Records

/// Answers seed, prompt, teacher, scores and licence for a row: its own columns first, then its batch.
final class OriginResolver {
  private let origins: OriginReader
  private var seedNames: [BatchPrefix: Set<String>] = [:]

  init(_ origins: OriginReader) { self.origins = origins }

  /// What a record's own batch and, when it was edited, the batch of its edit say: the edit's answers first.
  func provenance(_ entry: TreeEntry) throws -> Provenance {
    Provenance(batch: try origins.batch(entry.origin.batch).batch, row: try origins.row(entry.origin))
  }

  /// Ids of the seeds that came with a batch.
  func seedNames(_ prefix: BatchPrefix) throws -> Set<String> {
    if let known = seedNames[prefix] { return known }
    let names = Set(try origins.batch(prefix).batch.seeds.map(\.name))
    seedNames[prefix] = names
    return names
  }

  func summary(_ origin: RecordID) throws -> OriginSummary {
    let (_, batch) = try origins.batch(origin.batch)
    let row = try origins.row(origin)
    let provenance = Provenance(batch: batch, row: row)
    var summary = OriginSummary()
    summary.teacher = provenance.teacher
    summary.prompts = provenance.prompts
    summary.seeds = provenance.seeds
    summary.scores = provenance.scores.map { ($0.name, $0.value) }
    summary.license = provenance.license
    summary.file = batch.source?.name
    summary.line = row.place?.line
    summary.byte = row.place?.byte
    summary.length = row.place?.length
    return summary
  }
}
