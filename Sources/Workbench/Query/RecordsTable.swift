import History
import Records

/// The view `records`, with columns of the user's own when a query names them.
final class RecordsTable: QueryTable {
  private enum Field: String {
    case position, record, batch, row, pair, instruction, input, output, system, turns, columns, edited,
      origin
    case teacher, license, prompts, seeds, file, line, revision
  }

  let name = QuerySchema.records.name
  let columns: [QueryColumn]
  let order: Int? = 0
  private let context: QueryContext
  private let fields: ViewFields<Field>

  /// - Parameter added: names of columns that rows brought along and that the query reads as columns of the view.
  init(_ context: QueryContext, added: [String]) {
    self.context = context
    columns = QuerySchema.records.columns + added.map { QueryColumn($0, .any, "a column of the rows") }
    fields = ViewFields(columns)
  }

  func uses(_ lookup: QueryLookup) -> Bool {
    switch fields[lookup.column] {
    case .record, .batch: lookup.comparison == .equal
    case .position: true
    default: false
    }
  }

  func estimate(_ lookups: [QueryLookup]) -> Double {
    let versions = context.versions
    let all = Double(versions.asked.commit.dataset.records)
    var rows = all
    for lookup in lookups {
      switch fields[lookup.column] {
      case .record: rows = min(rows, 1)
      case .batch: rows = min(rows, all / Double(max(1, versions.asked.batches.count)) + 1)
      case .position: rows = min(rows, lookup.comparison == .equal ? 1 : all / 3)
      default: break
      }
    }
    return rows
  }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    let revision = fields.value(of: .revision, in: constraints)
    guard let version = try context.versions.version(revision) else { return NoRows() }
    return Scan(self, try walk(version, constraints), version, revision)
  }

  /// The narrowest walk that passes all rows wanted; nil when there can be none.
  private func walk(_ version: QueriedVersion, _ constraints: [QueryConstraint]) throws -> RecordWalk? {
    if let record = fields.value(of: .record, in: constraints) {
      return context.walk(version, record: record)
    }
    if let batch = fields.value(of: .batch, in: constraints) {
      return context.ids.object(batch).map { RecordWalk(version, batch: BatchPrefix(of: $0)) }
    }
    guard
      let positions = PositionRange(
        constraints.filter { fields[$0.column] == .position }, count: version.commit.dataset.records)
    else { return RecordWalk(version) }
    guard let range = positions.range else { return nil }
    return try RecordWalk(version, positions: range)
  }

  private final class Scan: QueryScan {
    private let table: RecordsTable
    private let walk: RecordWalk?
    private let version: QueriedVersion
    private let revision: QueryValue?

    init(_ table: RecordsTable, _ walk: RecordWalk?, _ version: QueriedVersion, _ revision: QueryValue?) {
      self.table = table
      self.walk = walk
      self.version = version
      self.revision = revision
    }

    func advance() throws -> Bool { try walk?.advance() ?? false }

    func rowID() throws -> Int64 {
      try QueryRowID.number(part: table.context.versions.part(revision), place: walk?.position() ?? 0)
    }

    func value(_ column: Int) throws -> QueryValue {
      guard let walk else { return .null }
      let entry = walk.entry
      let contents = table.context.contents
      guard let field = table.fields[column] else {
        return try contents.column(table.columns[column].name, of: entry.origin)
      }
      switch field {
      case .position: return .count(try walk.position())
      case .record: return .string(entry.key.description)
      case .batch: return .string(version.batches[walk.batch].hex)
      case .row: return .count(Int(entry.key.row))
      case .pair: return .string(entry.object.hex)
      case .instruction: return try contents.text(.instruction, of: entry.object)
      case .input: return try contents.text(.input, of: entry.object)
      case .output: return try contents.text(.output, of: entry.object)
      case .system: return try contents.text(.system, of: entry.object)
      case .turns: return try contents.text(.turns, of: entry.object)
      case .columns: return try contents.columns(of: entry.origin)
      case .edited: return .integer(entry.origin == entry.key ? 0 : 1)
      case .origin: return .string(entry.origin.description)
      case .teacher: return .optional(try contents.provenance(entry).teacher)
      case .license: return .optional(try contents.provenance(entry).license)
      case .prompts: return .names(try contents.provenance(entry).prompts)
      case .seeds: return .names(try contents.provenance(entry).seeds)
      case .file: return .optional(try contents.origins.batch(entry.origin.batch).batch.source?.name)
      case .line:
        let (chunk, offset) = try contents.origins.chunk(of: entry.origin)
        return .optional(chunk.origins.place(at: offset)?.line)
      case .revision: return revision ?? .null
      }
    }
  }
}
