import History
public import Records

/// One record's difference between two versions, with the content of both sides.
public struct RecordChange: Sendable {
  /// What happened to it.
  public enum Kind: String, Sendable {
    case added, edited, removed

    init(_ kind: RecordDelta.Kind) {
      switch kind {
      case .added: self = .added
      case .edited: self = .edited
      case .removed: self = .removed
      }
    }
  }

  /// The record, with the shortest unique prefix of its batch.
  public var record: String
  /// What happened to it.
  public var kind: Kind
  /// How it was; nil when added.
  public var old: RecordSide?
  /// How it is; nil when removed.
  public var new: RecordSide?

  /// What differs, field by field: the pair's fields first, then columns by name.
  public var fields: [FieldChange] {
    guard let old, let new else { return [] }
    return Self.fields(from: old, to: new)
  }

  /// What differs between two states of a record.
  public static func fields(from old: RecordSide, to new: RecordSide) -> [FieldChange] {
    FieldChange.all(from: old.fields, to: new.fields) + FieldChange.all(from: old.columns, to: new.columns)
  }
}

/// A record in one version: its canonical bytes, read when they are asked for.
public struct RecordSide: Sendable {
  /// Id of its pair, in hex.
  public let pairID: String
  private let pair: [UInt8]
  private let cells: [(name: [UInt8], value: [UInt8])]
  /// The whole row as one JSON object in canonical form: the fields of the pair, and the columns in a member of their
  /// own, so that no name of a column can hide a field.
  public let rowJSON: [UInt8]

  /// - Throws: ``Failure`` when the bytes are no pair.
  init(pairID: ObjectID, pair: [UInt8], cells: [(name: [UInt8], value: [UInt8])]) throws {
    self.pairID = pairID.hex
    self.pair = pair
    self.cells = cells
    var row: [UInt8] = []
    row.reserveCapacity(pair.count + cells.reduce(16) { $0 + $1.name.count + $1.value.count + 4 })
    guard RowJSON.append(pair: pair, columns: cells, to: &row) else {
      throw Failure(
        .data, "the object `\(pairID.hex)` is no pair", hint: "the repository was made by another program")
    }
    rowJSON = row
  }

  /// The fields of its pair, in order, as values.
  public var fields: [(name: String, value: JSONValue)] {
    guard let pair = try? Pair(canonical: pair) else { return [] }
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
    return fields
  }

  /// Its columns, in order, as values. A column may have the name of a field.
  public var columns: [(name: String, value: JSONValue)] {
    cells.map { cell in
      (String(decoding: cell.name, as: UTF8.self), (try? JSON.parse(cell.value)) ?? .null)
    }
  }

  /// The task.
  public var instruction: String { (try? Pair(canonical: pair))?.instruction ?? "" }
}

/// One field that differs.
public struct FieldChange: Sendable {
  /// The field or column.
  public var name: String
  /// The words of both sides, in reading order.
  public var words: [WordPiece]

  static func all(
    from old: [(name: String, value: JSONValue)], to new: [(name: String, value: JSONValue)]
  ) -> [FieldChange] {
    var changes: [FieldChange] = []
    // Names are compared byte for byte: two spellings of one accented letter are two columns.
    let names =
      new.map(\.name)
      + old.map(\.name).filter { name in !new.contains { $0.name.utf8.elementsEqual(name.utf8) } }
    for name in names {
      let before = old.first { $0.name.utf8.elementsEqual(name.utf8) }.map { text($0.value) }
      let after = new.first { $0.name.utf8.elementsEqual(name.utf8) }.map { text($0.value) }
      if before.map({ Array($0.utf8) }) == after.map({ Array($0.utf8) }) { continue }
      changes.append(FieldChange(name: name, words: WordDiff.pieces(from: before ?? "", to: after ?? "")))
    }
    return changes
  }

  private static func text(_ value: JSONValue) -> String {
    value.string ?? String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
  }
}
