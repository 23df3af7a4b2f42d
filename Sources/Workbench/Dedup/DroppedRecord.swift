public import Records

/// An item that a deduplication drops, and the one that stays in its place.
public struct DroppedRecord: Sendable {
  /// The item: a record's id, or a row's number.
  public let dropped: JSONValue
  /// What it is a duplicate of: a record's id, a row's number, or `FILE:ROW`.
  public let kept: JSONValue
  /// The rule that it fell under.
  public let rule: String
  /// How alike the two are, from 0 to 1; nil when they are linked through others only.
  public let score: Double?
  /// The task of the item; nil where it was not asked for.
  public let instruction: String?
  private let sides: (old: RecordSide, new: RecordSide)?

  /// - Parameter sides: both as records; nil for rows of a file.
  init(
    dropped: JSONValue, kept: JSONValue, rule: String, score: Double?, instruction: String? = nil,
    sides: (old: RecordSide, new: RecordSide)? = nil
  ) {
    self.dropped = dropped
    self.kept = kept
    self.rule = rule
    self.score = score
    self.instruction = instruction ?? sides?.old.instruction
    self.sides = sides
  }

  /// The record's id, or the row's number in words.
  public var record: String { Self.name(dropped) }

  /// The same of what stays.
  public var other: String { Self.name(kept) }

  private static func name(_ value: JSONValue) -> String { value.string ?? "row \(value.int ?? 0)" }

  /// What differs between two records, from the dropped one to the other.
  public var fields: [FieldChange] { sides.map { RecordChange.fields(from: $0.old, to: $0.new) } ?? [] }

  /// As one JSON object: `dropped`, `kept`, `rule`, `score`, and of records in `diff` what differs, field by field.
  public var json: JSONValue {
    var members = [
      JSONMember("dropped", dropped), JSONMember("kept", kept), JSONMember("rule", .string(rule)),
      JSONMember("score", score.map(JSONValue.number) ?? .null),
    ]
    if sides != nil { members.append(JSONMember("diff", .array(fields.map(\.json)))) }
    return .object(members)
  }
}

extension FieldChange {
  /// `{"field", "words": [{"text", "side"}]}`, where a side is `both`, `old` or `new`.
  public var json: JSONValue {
    .object([
      JSONMember("field", .string(name)),
      JSONMember(
        "words",
        .array(
          words.map { piece in
            let side =
              switch piece.kind {
              case .kept: "both"
              case .removed: "old"
              case .added: "new"
              }
            return .object([JSONMember("text", .string(piece.text)), JSONMember("side", .string(side))])
          })),
    ])
  }
}
