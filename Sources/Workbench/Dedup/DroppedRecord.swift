public import Records

/// A record that a deduplication drops, and the one that stays in its place.
public struct DroppedRecord: Sendable {
  /// The record.
  public let record: String
  /// What it is a duplicate of.
  public let other: String
  /// The rule that it fell under.
  public let rule: String
  /// How alike the two are, from 0 to 1; nil when they are linked through others only.
  public let score: Double?
  private let old: RecordSide
  private let new: RecordSide

  init(record: String, other: String, rule: String, score: Double?, old: RecordSide, new: RecordSide) {
    self.record = record
    self.other = other
    self.rule = rule
    self.score = score
    self.old = old
    self.new = new
  }

  /// The task of the record.
  public var instruction: String { old.instruction }

  /// What differs between the two, from the dropped one to the other.
  public var fields: [FieldChange] { RecordChange.fields(from: old, to: new) }

  /// As one JSON object: `dropped`, `kept`, `rule`, `score`, and in `diff` what differs, field by field.
  public var json: JSONValue {
    .object([
      JSONMember("dropped", .string(record)), JSONMember("kept", .string(other)),
      JSONMember("rule", .string(rule)), JSONMember("score", score.map(JSONValue.number) ?? .null),
      JSONMember("diff", .array(fields.map(\.json))),
    ])
  }

  /// The same as a line of a report file.
  var line: [UInt8] { CanonicalJSON.encode(json) + [0x0A] }
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
