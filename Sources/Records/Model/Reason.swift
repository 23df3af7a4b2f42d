/// Why a version has, or has no longer, one record as it is: one decision of a verb that chose among records.
public struct Reason: Hashable, Sendable {
  /// What was decided.
  public enum Decision: String, Hashable, Sendable, CaseIterable {
    /// The record is not in the version.
    case drop
    /// Of two sides that were merged, ours.
    case ours
    /// Of two sides that were merged, theirs.
    case theirs
    /// Both sides that were merged, as two records.
    case both
    /// Neither of two sides: it was written by hand.
    case edited
  }

  /// The record that was decided about.
  public var record: RecordID
  /// What was decided.
  public var decision: Decision
  /// The rule that it fell under, such as `exact` or `edit/edit`.
  public var rule: String
  /// The other record concerned: the one that stayed, or the one that the record was chosen against.
  public var other: RecordID?
  /// How alike the two are, from 0 to 1, or what the rule measured.
  public var score: Double?

  /// A reason.
  public init(
    record: RecordID, decision: Decision, rule: String, other: RecordID? = nil, score: Double? = nil
  ) {
    self.record = record
    self.decision = decision
    self.rule = rule
    self.other = other
    self.score = score
  }
}

/// Consecutive reasons of a report, in the order of their records.
public struct Reasons: Hashable, Sendable {
  /// In ascending order of ``Reason/record``, one for each.
  public let list: [Reason]

  /// Reasons that are in order.
  public init(_ list: [Reason]) { self.list = list }

  /// A report's writer begins a new object after as many.
  public static let chunk = 1024

  /// The canonical bytes that the object id hashes.
  public var canonicalBytes: [UInt8] {
    var members = MemberList()
    members.add("kind", "reasons")
    members.add("v", 1)
    members.add("reasons", .array(list.map(\.json)))
    return CanonicalJSON.encode(members.json)
  }

  /// Reads canonical bytes, strictly. Throws an ``ObjectFormatError`` that names the member.
  public init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    self = try MemberReader.read(bytes, kind: "reasons", canonical: true) {
      (reader) throws(ObjectFormatError) in
      try reader.header()
      let list = try reader.objects("reasons", Reason.init(reader:))
      for position in list.indices.dropFirst() where list[position - 1].record >= list[position].record {
        throw reader.invalid("reasons[\(position)]", "records must ascend")
      }
      return Reasons(list)
    }
  }
}

extension Reason {
  fileprivate var json: JSONValue {
    var members = MemberList()
    members.add("record", record.description)
    members.add("decision", decision.rawValue)
    members.add("rule", rule)
    members.add("other", other?.description)
    if let score { members.add("score", .number(score)) }
    return members.json
  }

  fileprivate init(reader: inout MemberReader) throws(ObjectFormatError) {
    guard let decision = Decision(rawValue: try reader.string("decision")) else {
      throw reader.expected("decision", "one of \(Decision.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    self.init(
      record: try reader.recordID("record"), decision: decision, rule: try reader.nonEmpty("rule"),
      other: reader.has("other") ? try reader.recordID("other") : nil,
      score: try reader.optionalNumber("score"))
  }
}
