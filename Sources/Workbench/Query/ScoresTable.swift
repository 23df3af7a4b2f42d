import History
import Records

/// The view `scores`: a row for each record and score.
final class ScoresTable: QueryTable {
  private enum Field: String {
    case record, name, score, revision
  }

  let name = QuerySchema.scores.name
  let columns = QuerySchema.scores.columns
  private let versions: QueryVersions
  private let ids: QueryIDs
  private let contents: RecordContents
  private let watch: QueryWatch
  private let fields: [Field?]

  init(_ versions: QueryVersions, _ ids: QueryIDs, _ contents: RecordContents, _ watch: QueryWatch) {
    self.versions = versions
    self.ids = ids
    self.contents = contents
    self.watch = watch
    fields = columns.map { Field(rawValue: $0.name) }
  }

  func uses(_ lookup: QueryLookup) -> Bool { fields[lookup.column] == .record && lookup.comparison == .equal }

  func estimate(_ lookups: [QueryLookup]) -> Double {
    lookups.contains { fields[$0.column] == .record } ? 2 : Double(versions.asked.commit.dataset.records) * 2
  }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    let parameter = constraints.first { fields[$0.column] == .revision }
    guard let version = try versions.version(parameter?.value) else { return NoRows() }
    var walk = RecordWalk(version)
    if let constraint = constraints.first(where: { fields[$0.column] == .record }) {
      guard let record = ids.record(constraint.value) else { return NoRows() }
      walk = RecordWalk(version, record: record)
    }
    return Scan(self, walk, parameter?.value)
  }

  private final class Scan: QueryScan {
    private let table: ScoresTable
    private let walk: RecordWalk
    private let parameter: QueryValue?
    private var scores: ArraySlice<Provenance.Score> = []
    private var score: Provenance.Score?

    init(_ table: ScoresTable, _ walk: RecordWalk, _ parameter: QueryValue?) {
      self.table = table
      self.walk = walk
      self.parameter = parameter
    }

    func advance() throws -> Bool {
      while true {
        if let next = scores.popFirst() {
          score = next
          return true
        }
        guard try walk.advance() else { return false }
        if walk.ordinal & 0xfff == 0 { try table.watch.check() }
        scores = try table.contents.provenance(walk.entry).scores[...]
      }
    }

    func rowID() throws -> Int64 {
      try QueryRowID.number(
        part: table.versions.part(parameter), place: walk.position(), below: max(0, scores.startIndex - 1))
    }

    func value(_ column: Int) throws -> QueryValue {
      guard let score, let field = table.fields[column] else { return .null }
      switch field {
      case .record: return .string(walk.entry.key.description)
      case .name: return .string(score.name)
      case .score: return .real(score.value)
      case .revision: return parameter ?? .null
      }
    }
  }
}
