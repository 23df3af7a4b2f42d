import History
import Records

/// The view `origins`: a row for each record and column.
final class OriginsTable: QueryTable {
  private enum Field: String {
    case record, column, value, json, origin, revision
  }

  let name = QuerySchema.origins.name
  let columns = QuerySchema.origins.columns
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

  func uses(_ lookup: QueryLookup) -> Bool {
    (fields[lookup.column] == .record || fields[lookup.column] == .column) && lookup.comparison == .equal
  }

  func estimate(_ lookups: [QueryLookup]) -> Double {
    var rows = Double(versions.asked.commit.dataset.records) * 8
    for lookup in lookups {
      if fields[lookup.column] == .record { rows = min(rows, 8) }
      if fields[lookup.column] == .column { rows /= 4 }
    }
    return rows
  }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    let parameter = constraints.first { fields[$0.column] == .revision }
    guard let version = try versions.version(parameter?.value) else { return NoRows() }
    var wanted: String?
    if let constraint = constraints.first(where: { fields[$0.column] == .column }) {
      guard let name = constraint.value.name else { return NoRows() }
      wanted = name
    }
    var walk = RecordWalk(version)
    if let constraint = constraints.first(where: { fields[$0.column] == .record }) {
      guard let record = ids.record(constraint.value) else { return NoRows() }
      walk = RecordWalk(version, record: record)
    }
    return Scan(self, walk, wanted, parameter?.value)
  }

  private final class Scan: QueryScan {
    private let table: OriginsTable
    private let walk: RecordWalk
    private let wanted: String?
    private let parameter: QueryValue?
    private var cells: ArraySlice<OriginsChunk.Cell> = []
    private var cell: OriginsChunk.Cell?
    private var chunk: OriginReader.Chunk?
    private var firstCell = 0
    private var place = 0

    init(_ table: OriginsTable, _ walk: RecordWalk, _ wanted: String?, _ parameter: QueryValue?) {
      self.table = table
      self.walk = walk
      self.wanted = wanted
      self.parameter = parameter
    }

    func advance() throws -> Bool {
      while true {
        if let next = cells.popFirst() {
          cell = next
          place = cells.startIndex - 1 - firstCell
          return true
        }
        guard try walk.advance() else { return false }
        if walk.ordinal & 0xfff == 0 { try table.watch.check() }
        let (chunk, offset) = try table.contents.origins.chunk(of: walk.entry.origin)
        self.chunk = chunk
        cells = chunk.origins.cells(at: offset)
        firstCell = cells.startIndex
        if let wanted {
          let column = chunk.origins.column(named: wanted)
          cells = cells.firstIndex { $0.column == column }.map { cells[$0...$0] } ?? []
        }
      }
    }

    func rowID() throws -> Int64 {
      try QueryRowID.number(part: table.versions.part(parameter), place: walk.position(), below: place)
    }

    func value(_ column: Int) throws -> QueryValue {
      guard let chunk = chunk?.origins, let cell, let field = table.fields[column] else { return .null }
      switch field {
      case .record: return .string(walk.entry.key.description)
      case .column: return .text(chunk.columnNames[cell.column])
      case .value: return try QueryValue(json: chunk.bytes[cell.value])
      case .json: return .text(Array(chunk.bytes[cell.value]))
      case .origin: return .string(walk.entry.origin.description)
      case .revision: return parameter ?? .null
      }
    }
  }
}
