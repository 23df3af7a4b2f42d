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

  func uses(_ lookup: QueryLookup) -> Bool { fields[lookup.column] == .pair && lookup.comparison == .equal }

  func estimate(_ lookups: [QueryLookup]) -> Double {
    lookups.contains { fields[$0.column] == .pair } ? 1 : Double(versions.asked.commit.dataset.records)
  }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    let parameter = constraints.first { fields[$0.column] == .revision }
    guard let version = try versions.version(parameter?.value) else { return NoRows() }
    let counts = try version.pairs(watch)
    let value = parameter?.value
    guard let wanted = constraints.first(where: { fields[$0.column] == .pair }) else {
      return Scan(self, counts, value, walk: RecordWalk(version))
    }
    guard let pair = ids.object(wanted.value), counts[pair] != nil else { return NoRows() }
    return Scan(self, counts, value, only: pair)
  }

  private final class Scan: QueryScan {
    private let table: PairsTable
    private let counts: PairCounts
    private let parameter: QueryValue?
    private let walk: RecordWalk?
    private var only: ObjectID?
    private var current: ObjectID?

    init(
      _ table: PairsTable, _ counts: PairCounts, _ parameter: QueryValue?, walk: RecordWalk? = nil,
      only: ObjectID? = nil
    ) {
      self.table = table
      self.counts = counts
      self.parameter = parameter
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
          if walk.ordinal & 0xfff == 0 { try table.watch.check() }
          continue
        }
        current = walk.entry.object
        return true
      }
      return false
    }

    func rowID() throws -> Int64 {
      let first = current.flatMap { counts[$0] }?.first ?? 0
      return try QueryRowID.number(part: table.versions.part(parameter), place: Int(first))
    }

    func value(_ column: Int) throws -> QueryValue {
      guard let current, let field = table.fields[column] else { return .null }
      switch field {
      case .pair: return .string(current.hex)
      case .records: return .count(Int(counts[current]?.count ?? 0))
      case .instruction: return try table.contents.text(.instruction, of: current)
      case .input: return try table.contents.text(.input, of: current)
      case .output: return try table.contents.text(.output, of: current)
      case .system: return try table.contents.text(.system, of: current)
      case .turns: return try table.contents.text(.turns, of: current)
      case .revision: return parameter ?? .null
      }
    }
  }
}
