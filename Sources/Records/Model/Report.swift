/// What a verb that chose among records decided, and by which settings: named by the `dataset.json` of the commit that
/// it made, so that what became of a record can be told for ever.
public struct Report: Sendable {
  /// The verb, such as `merge` or `dedup`.
  public var verb: String
  /// Its settings: an object whose members the verb chooses.
  public var settings: JSONValue
  /// How many reasons there are.
  public var count: Int
  /// The ``Reasons`` objects, one after the other in the order of the records.
  public var reasons: [ObjectID]

  /// A report.
  public init(verb: String, settings: JSONValue = .object([]), count: Int, reasons: [ObjectID]) {
    self.verb = verb
    self.settings = settings
    self.count = count
    self.reasons = reasons
  }

  /// The canonical bytes that the report's object id hashes.
  public var canonicalBytes: [UInt8] {
    var list = MemberList()
    list.add("kind", "report")
    list.add("v", 1)
    list.add("verb", verb)
    list.add("settings", settings)
    list.add("count", count)
    list.add("reasons", .array(reasons.map { .string($0.hex) }))
    return CanonicalJSON.encode(list.json)
  }

  /// Reads a report from its canonical bytes, strictly. Throws an ``ObjectFormatError`` that names the member.
  public init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    self = try MemberReader.read(bytes, kind: "report", canonical: true) {
      (reader) throws(ObjectFormatError) in
      try reader.header()
      let settings = try reader.value("settings")
      guard settings.object != nil else { throw reader.expected("settings", "an object") }
      return Report(
        verb: try reader.nonEmpty("verb"), settings: settings, count: try reader.integer("count"),
        reasons: try reader.objectIDs("reasons"))
    }
  }
}

extension Report: Equatable {
  /// Reports are equal when their canonical bytes are.
  public static func == (left: Report, right: Report) -> Bool { left.canonicalBytes == right.canonicalBytes }
}
