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
  private let versions: QueryVersions
  private let ids: QueryIDs
  private let contents: RecordContents
  private let fields: [Field?]

  init(_ versions: QueryVersions, _ ids: QueryIDs, _ contents: RecordContents) {
    self.versions = versions
    self.ids = ids
    self.contents = contents
    fields = columns.map { Field(rawValue: $0.name) }
  }

  func uses(_ lookup: QueryLookup) -> Bool { fields[lookup.column] == .batch && lookup.comparison == .equal }

  func estimate(_ lookups: [QueryLookup]) -> Double {
    lookups.contains { fields[$0.column] == .batch } ? 1 : Double(versions.asked.batches.count)
  }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    let parameter = constraints.first { fields[$0.column] == .revision }?.value
    guard let version = try versions.version(parameter) else { return NoRows() }
    var places = Array(version.batches.indices)
    if let wanted = constraints.first(where: { fields[$0.column] == .batch }) {
      let place = ids.object(wanted.value).flatMap { version.place(of: BatchPrefix(of: $0)) }
      places = place.map { [$0] } ?? []
    }
    return ListScan(places: places, part: versions.part(parameter)) { [self] place, column in
      fields[column] == .revision ? parameter ?? .null : try value(column, of: place, in: version)
    }
  }

  private func value(_ column: Int, of place: Int, in version: QueriedVersion) throws -> QueryValue {
    let id = version.batches[place]
    let batch = try contents.origins.batch(BatchPrefix(of: id)).batch
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
      return .optional(try versions.workspace.repository.index().batch(BatchPrefix(of: id))?.commit.hex)
    }
  }
}
