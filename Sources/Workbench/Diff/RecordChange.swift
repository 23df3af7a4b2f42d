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
    return FieldChange.all(from: old.fields, to: new.fields)
      + FieldChange.all(from: old.columns, to: new.columns)
  }
}

/// A record in one version.
public struct RecordSide: Sendable {
  /// Id of its pair, in hex.
  public var pairID: String
  /// The fields of its pair, in order, as values.
  public var fields: [(name: String, value: JSONValue)]
  /// Its columns, in order, as values. A column may have the name of a field.
  public var columns: [(name: String, value: JSONValue)]

  /// The task.
  public var instruction: String {
    fields.first { $0.name == "instruction" }?.value.string ?? ""
  }

  /// The whole row as one JSON object: the fields of the pair, and the columns in a member of their own, so that no
  /// name of a column can hide a field.
  public var row: JSONValue {
    let members = fields.map { JSONMember($0.name, $0.value) }
    return .object(members + [JSONMember("columns", .object(columns.map { JSONMember($0.name, $0.value) }))])
  }
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
