import Curation
public import Records

/// What a filter says of one item.
public struct FilterDecision: Sendable {
  /// The item's place, from 1.
  public let row: Int
  /// The record; nil for a row of a file.
  public let record: String?
  /// The rule that it falls under; nil when it stays.
  public let rule: String?
  /// What the rule measured; for `rouge-l` the F-measure with the nearest.
  public let score: Double?
  /// The mean of all F-measures, when it was asked for.
  public let mean: Double?
  /// The nearest: a record's id, a row of the same file, or `FILE:ROW`.
  public let nearest: JSONValue?
  /// The nearest ones as `{"item", "score"}`, the nearest first, when they were asked for.
  public let mostSimilar: [JSONValue]?
  /// What somebody should look at.
  public let flags: [JSONValue]

  init(_ decision: FilterPlan.Decision, row: Int, record: RecordID?, _ workspace: Workspace?) throws {
    self.row = row
    self.record = try record.flatMap { id in try workspace?.short(id) ?? id.description }
    rule = decision.rule
    score = decision.score
    mean = decision.mean
    nearest = try decision.nearest?.json(workspace)
    mostSimilar = try decision.mostSimilar?.map {
      .object([JSONMember("item", try $0.place.json(workspace)), JSONMember("score", .number($0.score))])
    }
    flags = decision.flags.map(\.json)
  }

  /// Whether it stays.
  public var isKept: Bool { rule == nil }

  /// As one JSON object: `row`, `record` (of a version), `decision` (`keep` or `drop`), `rule`, `score`, `nearest`, `mean`,
  /// `most_similar` and `flags` where there are any.
  public var json: JSONValue {
    // In the order that canonical JSON has them.
    var members = [JSONMember("decision", .string(isKept ? "keep" : "drop"))]
    if !flags.isEmpty { members.append(JSONMember("flags", .array(flags))) }
    if let mean { members.append(JSONMember("mean", .number(mean))) }
    if let mostSimilar { members.append(JSONMember("most_similar", .array(mostSimilar))) }
    members.append(JSONMember("nearest", nearest ?? .null))
    if let record { members.append(JSONMember("record", .string(record))) }
    members += [
      JSONMember("row", .integer(row)), JSONMember("rule", rule.map { .string($0) } ?? .null),
      JSONMember("score", score.map { .number($0) } ?? .null),
    ]
    return .object(members)
  }
}

extension FilterFinding {
  /// `{"rule", "field"?, "turn"?, "start"?, "end"?, "value"?}`, places in bytes of the field's UTF-8; of a condition the
  /// rule alone.
  fileprivate var json: JSONValue {
    var members = [JSONMember("rule", .string(rule))]
    guard let mark else { return .object(members) }
    members.append(JSONMember("field", .string(mark.field.rawValue)))
    if let turn = mark.turn { members.append(JSONMember("turn", .integer(turn))) }
    if let span = mark.span {
      members += [
        JSONMember("start", .integer(span.lowerBound)), JSONMember("end", .integer(span.upperBound)),
      ]
    }
    if let value = mark.value { members.append(JSONMember("value", .number(value))) }
    return .object(members)
  }
}
