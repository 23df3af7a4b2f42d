import History
import Records

/// The view `scores`: a row for each record and score.
final class ScoresTable: QueryTable {
  private enum Field: String {
    case record, name, score, revision
  }

  let name = QuerySchema.scores.name
  let columns = QuerySchema.scores.columns
  private let context: QueryContext
  private let fields = ViewFields<Field>(QuerySchema.scores.columns)

  init(_ context: QueryContext) { self.context = context }

  func uses(_ lookup: QueryLookup) -> Bool { fields.isEqual(lookup, .record) }

  func estimate(_ lookups: [QueryLookup]) -> Double {
    lookups.contains { fields[$0.column] == .record }
      ? 2 : Double(context.versions.asked.commit.dataset.records) * 2
  }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    let revision = fields.value(of: .revision, in: constraints)
    guard let version = try context.versions.version(revision) else { return NoRows() }
    guard let walk = context.walk(version, record: fields.value(of: .record, in: constraints)) else {
      return NoRows()
    }
    return Scan(self, walk, revision)
  }

  private final class Scan: QueryScan {
    private let table: ScoresTable
    private let walk: RecordWalk
    private let revision: QueryValue?
    private var scores: ArraySlice<Provenance.Score> = []
    private var score: Provenance.Score?

    init(_ table: ScoresTable, _ walk: RecordWalk, _ revision: QueryValue?) {
      self.table = table
      self.walk = walk
      self.revision = revision
    }

    func advance() throws -> Bool {
      while true {
        if let next = scores.popFirst() {
          score = next
          return true
        }
        guard try walk.advance() else { return false }
        if walk.ordinal & 0xfff == 0 { try table.context.watch.check() }
        scores = try table.context.contents.provenance(walk.entry).scores[...]
      }
    }

    func rowID() throws -> Int64 {
      try QueryRowID.number(
        part: table.context.versions.part(revision), place: walk.position(),
        below: max(0, scores.startIndex - 1))
    }

    func value(_ column: Int) throws -> QueryValue {
      guard let score, let field = table.fields[column] else { return .null }
      switch field {
      case .record: return .string(walk.entry.key.description)
      case .name: return .string(score.name)
      case .score: return .real(score.value)
      case .revision: return revision ?? .null
      }
    }
  }
}
