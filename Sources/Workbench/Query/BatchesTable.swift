import History
import Objects
import Records

/// The view `batches`.
final class BatchesTable: QueryTable {
  private enum Field: String {
    case position, batch, kind, rows, records, file, bytes, sha256, format, teacher, license, prompts, seeds,
      recipe
    case warnings, commitID = "commit_id", revision
  }

  let name = QuerySchema.batches.name
  let columns = QuerySchema.batches.columns
  let order: Int? = 0
  private let context: QueryContext
  private let fields = ViewFields<Field>(QuerySchema.batches.columns)

  init(_ context: QueryContext) { self.context = context }

  func uses(_ lookup: QueryLookup) -> Bool { fields.isEqual(lookup, .batch) }

  func estimate(_ lookups: [QueryLookup]) -> Double {
    lookups.contains { fields[$0.column] == .batch } ? 1 : Double(context.versions.asked.batches.count)
  }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    let revision = fields.value(of: .revision, in: constraints)
    guard let version = try context.versions.version(revision) else { return NoRows() }
    var places = Array(version.batches.indices)
    if let wanted = fields.value(of: .batch, in: constraints) {
      let place = context.ids.object(wanted).flatMap { version.place(of: BatchPrefix(of: $0)) }
      places = place.map { [$0] } ?? []
    }
    return ListScan(places: places, part: context.versions.part(revision)) { [self] place, column in
      fields[column] == .revision ? revision ?? .null : try value(column, of: place, in: version)
    }
  }

  private func value(_ column: Int, of place: Int, in version: QueriedVersion) throws -> QueryValue {
    let id = version.batches[place]
    let batch = try context.contents.origins.batch(BatchPrefix(of: id)).batch
    switch fields[column] {
    case nil, .revision: return .null
    case .position: return .count(place + 1)
    case .batch: return .string(id.hex)
    case .kind: return .string(batch.origin.rawValue)
    case .rows: return .count(batch.rows)
    case .records:
      let keys = RecordID.range(of: BatchPrefix(of: id))
      return .count(try version.tree.rank(of: keys.upperBound) - version.tree.rank(of: keys.lowerBound))
    case .file: return .optional(batch.source?.name)
    case .bytes: return .optional(batch.source?.bytes)
    case .sha256: return .optional(batch.source?.sha256.hex)
    case .format: return .optional(try batch.layout.map { try Layout(json: $0).format.rawValue })
    case .teacher: return .optional(batch.teacher)
    case .license: return .optional(batch.license)
    case .prompts: return .names(batch.prompts.map(\.name))
    case .seeds: return .names(batch.seeds.map(\.name))
    case .recipe: return batch.recipe.map { .text(CanonicalJSON.encode($0)) } ?? .null
    case .warnings:
      let members = batch.warnings.map { JSONMember($0.key, .integer($0.value)) }
      return .text(CanonicalJSON.encode(.object(members)))
    case .commitID:
      return .optional(
        try context.versions.workspace.repository.index().batch(BatchPrefix(of: id))?.commit.hex)
    }
  }
}
