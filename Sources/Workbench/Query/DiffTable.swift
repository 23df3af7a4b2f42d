import History
import Records

/// The view `diff`: the records that differ between two versions, found as `mdata diff` finds them.
final class DiffTable: QueryTable {
  private enum Field: String {
    case record, change, oldPair = "old_pair", newPair = "new_pair", oldInstruction = "old_instruction"
    case newInstruction = "new_instruction", oldInput = "old_input", newInput = "new_input"
    case oldOutput = "old_output", newOutput = "new_output", oldColumns = "old_columns", newColumns =
      "new_columns"
    case older, newer
  }

  let name = QuerySchema.diff.name
  let columns = QuerySchema.diff.columns
  private let versions: QueryVersions
  private let old: RecordContents
  private let new: RecordContents
  private let fields = ViewFields<Field>(QuerySchema.diff.columns)

  init(_ versions: QueryVersions) throws {
    self.versions = versions
    old = try RecordContents(versions.workspace.store)
    new = try RecordContents(versions.workspace.store)
  }

  func uses(_ lookup: QueryLookup) -> Bool { false }

  func estimate(_ lookups: [QueryLookup]) -> Double { 1_000 }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    guard let older = fields.value(of: .older, in: constraints) else {
      throw QueryError.missingParameter("diff('v1') or diff('v1', 'v2')")
    }
    let newer = fields.value(of: .newer, in: constraints)
    guard let new = try versions.version(newer) else { return NoRows() }
    guard let old = try versions.version(older) else { return NoRows() }
    return Scan(self, old.tree.diff(to: new.tree), older, newer)
  }

  private final class Scan: QueryScan {
    private let table: DiffTable
    private var diff: TreeDiff
    private var delta: RecordDelta?
    private var place = 0
    private let older: QueryValue
    private let newer: QueryValue?

    init(_ table: DiffTable, _ diff: TreeDiff, _ older: QueryValue, _ newer: QueryValue?) {
      self.table = table
      self.diff = diff
      self.older = older
      self.newer = newer
    }

    func advance() throws -> Bool {
      delta = try diff.next()
      place += 1
      return delta != nil
    }

    func rowID() throws -> Int64 {
      try QueryRowID.number(part: table.versions.part(older, newer), place: place)
    }

    func value(_ column: Int) throws -> QueryValue {
      guard let delta, let field = table.fields[column] else { return .null }
      func old(_ part: RecordContents.Field) throws -> QueryValue {
        try delta.old.map { try table.old.text(part, of: $0.object) } ?? .null
      }
      func new(_ part: RecordContents.Field) throws -> QueryValue {
        try delta.new.map { try table.new.text(part, of: $0.object) } ?? .null
      }
      switch field {
      case .record: return .string(delta.record.description)
      case .change: return .string(RecordChange.Kind(delta.kind).rawValue)
      case .oldPair: return .optional(delta.old?.object.hex)
      case .newPair: return .optional(delta.new?.object.hex)
      case .oldInstruction: return try old(.instruction)
      case .newInstruction: return try new(.instruction)
      case .oldInput: return try old(.input)
      case .newInput: return try new(.input)
      case .oldOutput: return try old(.output)
      case .newOutput: return try new(.output)
      case .oldColumns: return try delta.old.map { try table.old.columns(of: $0.origin) } ?? .null
      case .newColumns: return try delta.new.map { try table.new.columns(of: $0.origin) } ?? .null
      case .older: return older
      case .newer: return newer ?? .null
      }
    }
  }
}
