import History
import Objects
import Records

/// Reads what a snapshot's entries point at: pairs, verified, and the columns of their origins.
final class RecordReader {
  let origins: OriginReader
  private let workspace: Workspace
  private let reader: ObjectReader

  init(_ workspace: Workspace) throws {
    self.workspace = workspace
    reader = try ObjectReader(workspace.store)
    origins = try OriginReader(workspace.store)
  }

  func pair(_ entry: TreeEntry) throws -> Pair {
    try Pair(canonical: pairBytes(entry))
  }

  /// The canonical bytes of the pair, re-hashed on the way.
  func pairBytes(_ entry: TreeEntry) throws -> [UInt8] { try reader.read(entry.object, .pair) }

  /// A delta with the content of both sides.
  func change(_ delta: RecordDelta) throws -> RecordChange {
    RecordChange(
      record: try workspace.short(delta.record), kind: RecordChange.Kind(delta.kind),
      old: try delta.old.map(side), new: try delta.new.map(side))
  }

  func side(_ entry: TreeEntry) throws -> RecordSide {
    let pair = try pair(entry)
    var fields: [(name: String, value: JSONValue)] = [("instruction", .string(pair.instruction))]
    if let input = pair.input { fields.append(("input", .string(input))) }
    fields.append(("output", .string(pair.output)))
    if let system = pair.system { fields.append(("system", .string(system))) }
    if !pair.turns.isEmpty {
      let turns = pair.turns.map { turn in
        JSONValue.object([
          JSONMember("role", .string(turn.role.rawValue)), JSONMember("content", .string(turn.content)),
        ])
      }
      fields.append(("turns", .array(turns)))
    }
    let columns = try origins.row(entry.origin).columns.map { (name: $0.name, value: $0.value) }
    return RecordSide(pairID: entry.object.hex, fields: fields, columns: columns)
  }
}
