import History
import Objects
import Records

/// The view `pairs`: each pair of a version once, where it occurs first.
final class PairsTable: QueryTable {
  private enum Field: String {
    case pair, records, instruction, input, output, system, turns, revision
  }

  let name = QuerySchema.pairs.name
  let columns = QuerySchema.pairs.columns
  private let context: QueryContext
  private let fields = ViewFields<Field>(QuerySchema.pairs.columns)

  init(_ context: QueryContext) { self.context = context }

  func uses(_ lookup: QueryLookup) -> Bool { fields.isEqual(lookup, .pair) }

  func estimate(_ lookups: [QueryLookup]) -> Double {
    lookups.contains { fields[$0.column] == .pair }
      ? 1 : Double(context.versions.asked.commit.dataset.records)
  }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    let revision = fields.value(of: .revision, in: constraints)
    guard let version = try context.versions.version(revision) else { return NoRows() }
    let counts = try version.pairs(context.watch)
    guard let wanted = fields.value(of: .pair, in: constraints) else {
      return Scan(self, counts, revision, walk: RecordWalk(version))
    }
    guard let pair = context.ids.object(wanted), counts[pair] != nil else { return NoRows() }
    return Scan(self, counts, revision, only: pair)
  }

  private final class Scan: QueryScan {
    private let table: PairsTable
    private let counts: PairCounts
    private let revision: QueryValue?
    private let walk: RecordWalk?
    private var only: ObjectID?
    private var current: ObjectID?

    init(
      _ table: PairsTable, _ counts: PairCounts, _ revision: QueryValue?, walk: RecordWalk? = nil,
      only: ObjectID? = nil
    ) {
      self.table = table
      self.counts = counts
      self.revision = revision
      self.walk = walk
      self.only = only
    }

    func advance() throws -> Bool {
      if let only {
        current = only
        self.only = nil
        return true
      }
      while let walk, try walk.advance() {
        guard let first = counts[walk.entry.object]?.first, Int(first) == walk.ordinal else {
          if walk.ordinal & 0xfff == 0 { try table.context.watch.check() }
          continue
        }
        current = walk.entry.object
        return true
      }
      return false
    }

    func rowID() throws -> Int64 {
      let first = current.flatMap { counts[$0] }?.first ?? 0
      return try QueryRowID.number(part: table.context.versions.part(revision), place: Int(first))
    }

    func value(_ column: Int) throws -> QueryValue {
      guard let current, let field = table.fields[column] else { return .null }
      switch field {
      case .pair: return .string(current.hex)
      case .records: return .count(Int(counts[current]?.count ?? 0))
      case .instruction: return try table.context.contents.text(.instruction, of: current)
      case .input: return try table.context.contents.text(.input, of: current)
      case .output: return try table.context.contents.text(.output, of: current)
      case .system: return try table.context.contents.text(.system, of: current)
      case .turns: return try table.context.contents.text(.turns, of: current)
      case .revision: return revision ?? .null
      }
    }
  }
}
