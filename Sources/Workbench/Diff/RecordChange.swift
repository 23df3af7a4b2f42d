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

  /// Names of fields and columns that alone were asked for; empty for all.
  public var wanted: [String] = []

  /// What differs, field by field: the pair's fields first, then columns by name; only those asked for.
  public var fields: [FieldChange] {
    guard let old, let new else { return [] }
    return Self.fields(from: old, to: new, only: wanted)
  }

  /// Whether an edit touches one of these fields and columns.
  func touches(_ names: [String]) -> Bool {
    guard let old, let new else { return false }
    return FieldChange.differs(from: old.columns, to: new.columns, only: names)
      || (old.pairID != new.pairID && FieldChange.differs(from: old.fields, to: new.fields, only: names))
  }

  /// What differs between two states of a record.
  public static func fields(
    from old: RecordSide, to new: RecordSide, only wanted: [String] = []
  ) -> [FieldChange] {
    FieldChange.all(from: old.fields, to: new.fields, only: wanted)
      + FieldChange.all(from: old.columns, to: new.columns, only: wanted)
  }
}

/// A record in one version: its canonical bytes, read when they are asked for.
public struct RecordSide: Sendable {
  /// Id of its pair, in hex.
  public let pairID: String
  /// The canonical bytes of the pair.
  let pair: [UInt8]
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
    from old: [(name: String, value: JSONValue)], to new: [(name: String, value: JSONValue)],
    only wanted: [String]
  ) -> [FieldChange] {
    differing(from: old, to: new, only: wanted).map { difference in
      FieldChange(
        name: difference.name,
        words: WordDiff.pieces(from: difference.old.map(text) ?? "", to: difference.new.map(text) ?? ""))
    }
  }

  static func differs(
    from old: [(name: String, value: JSONValue)], to new: [(name: String, value: JSONValue)],
    only wanted: [String]
  ) -> Bool {
    !differing(from: old, to: new, only: wanted).isEmpty
  }

  private static func differing(
    from old: [(name: String, value: JSONValue)], to new: [(name: String, value: JSONValue)],
    only wanted: [String]
  ) -> [(name: String, old: JSONValue?, new: JSONValue?)] {
    // Names are compared byte for byte: two spellings of one accented letter are two columns.
    func value(_ name: String, in side: [(name: String, value: JSONValue)]) -> JSONValue? {
      side.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }
    let names = new.map(\.name) + old.map(\.name).filter { value($0, in: new) == nil }
    return names.compactMap { name in
      if !wanted.isEmpty, !wanted.contains(where: { $0.utf8.elementsEqual(name.utf8) }) { return nil }
      let (before, after) = (value(name, in: old), value(name, in: new))
      if before.map({ Array(text($0).utf8) }) == after.map({ Array(text($0).utf8) }) { return nil }
      return (name, before, after)
    }
  }

  private static func text(_ value: JSONValue) -> String {
    value.string ?? String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
  }
}
