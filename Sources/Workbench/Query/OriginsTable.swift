import History
import Records

/// The view `origins`: a row for each record and column.
final class OriginsTable: QueryTable {
  private enum Field: String {
    case record, column, value, json, origin, revision
  }

  let name = QuerySchema.origins.name
  let columns = QuerySchema.origins.columns
  private let context: QueryContext
  private let fields = ViewFields<Field>(QuerySchema.origins.columns)

  init(_ context: QueryContext) { self.context = context }

  func uses(_ lookup: QueryLookup) -> Bool {
    fields.isEqual(lookup, .record) || fields.isEqual(lookup, .column)
  }

  func estimate(_ lookups: [QueryLookup]) -> Double {
    var rows = Double(context.versions.asked.commit.dataset.records) * 8
    for lookup in lookups {
      if fields[lookup.column] == .record { rows = min(rows, 8) }
      if fields[lookup.column] == .column { rows /= 4 }
    }
    return rows
  }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    let revision = fields.value(of: .revision, in: constraints)
    guard let version = try context.versions.version(revision) else { return NoRows() }
    var wanted: String?
    if let value = fields.value(of: .column, in: constraints) {
      guard let name = value.name else { return NoRows() }
      wanted = name
    }
    guard let walk = context.walk(version, record: fields.value(of: .record, in: constraints)) else {
      return NoRows()
    }
    return Scan(self, walk, wanted, revision)
  }

  private final class Scan: QueryScan {
    private let table: OriginsTable
    private let walk: RecordWalk
    private let wanted: String?
    private let revision: QueryValue?
    private var cells: ArraySlice<OriginsChunk.Cell> = []
    private var cell: OriginsChunk.Cell?
    private var chunk: OriginReader.Chunk?
    private var firstCell = 0
    private var place = 0

    init(_ table: OriginsTable, _ walk: RecordWalk, _ wanted: String?, _ revision: QueryValue?) {
      self.table = table
      self.walk = walk
      self.wanted = wanted
      self.revision = revision
    }

    func advance() throws -> Bool {
      while true {
        if let next = cells.popFirst() {
          cell = next
          place = cells.startIndex - 1 - firstCell
          return true
        }
        guard try walk.advance() else { return false }
        if walk.ordinal & 0xfff == 0 { try table.context.watch.check() }
        let (chunk, offset) = try table.context.contents.origins.chunk(of: walk.entry.origin)
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
      try QueryRowID.number(part: table.context.versions.part(revision), place: walk.position(), below: place)
    }

    func value(_ column: Int) throws -> QueryValue {
      guard let chunk = chunk?.origins, let cell, let field = table.fields[column] else { return .null }
      switch field {
      case .record: return .string(walk.entry.key.description)
      case .column: return .text(chunk.columnNames[cell.column])
      case .value: return try QueryValue(json: chunk.bytes[cell.value])
      case .json: return .text(Array(chunk.bytes[cell.value]))
      case .origin: return .string(walk.entry.origin.description)
      case .revision: return revision ?? .null
      }
    }
  }
}
