/// One entry of the operation log: what a verb changed, so that it can be undone.
public struct Operation: Sendable {
  /// The references that an operation touched and what each of them said: a commit's hex digits, or for `HEAD`
  /// the name of a branch. A reference that is absent did not exist.
  public typealias References = [String: String]

  /// The SHA-256 digest of the operation file before this one; nil for the first.
  public var parent: ContentDigest?
  /// When the operation was done.
  public var time: Timestamp
  /// The verb, such as `commit`.
  public var verb: String
  /// One line for people.
  public var description: String
  /// The references before.
  public var before: References
  /// The references after.
  public var after: References
  /// Objects that the operation made and no reference leads to, such as training runs.
  public var objects: [ObjectID]

  /// What the member `schema` says.
  public static let schema = "mdata.operation/v1"

  /// An operation.
  public init(
    parent: ContentDigest?, time: Timestamp, verb: String, description: String, before: References,
    after: References, objects: [ObjectID] = []
  ) {
    self.parent = parent
    self.time = time
    self.verb = verb
    self.description = description
    self.before = before
    self.after = after
    self.objects = objects
  }

  /// The file's bytes: canonical JSON.
  public var canonicalBytes: [UInt8] {
    var list = MemberList()
    list.add("schema", Self.schema)
    list.add("parent", parent.map { .string($0.hex) } ?? .null)
    list.add("time", time.text)
    list.add("verb", verb)
    list.add("description", description)
    list.add("before") { for (name, target) in before { $0.add(name, target) } }
    list.add("after") { for (name, target) in after { $0.add(name, target) } }
    list.add("objects", objects: objects.map { .string($0.hex) })
    return CanonicalJSON.encode(list.json)
  }

  /// Reads an operation file. Throws an ``ObjectFormatError`` that names the member.
  public init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    self = try MemberReader.read(bytes, kind: "operation", canonical: true) {
      (reader) throws(ObjectFormatError) in
      try reader.schema(Operation.schema)
      let parent = try reader.value("parent").isNull ? nil : try reader.digest("parent")
      let objects = reader.has("objects") ? try reader.objectIDs("objects") : []
      if objects.isEmpty, reader.has("objects") {
        throw reader.invalid("objects", "an empty list is left out")
      }
      return Operation(
        parent: parent, time: try reader.time("time"), verb: try reader.nonEmpty("verb"),
        description: try reader.string("description"), before: try Self.references(&reader, "before"),
        after: try Self.references(&reader, "after"), objects: objects)
    }
  }

  private static func references(
    _ reader: inout MemberReader, _ name: String
  ) throws(ObjectFormatError) -> References {
    var references: References = [:]
    let members = try reader.openObject(name)
    for member in members {
      guard let target = member.value.string, !target.utf8.isEmpty else {
        throw reader.expected("\(name).\(member.name)", "the name or commit a reference points at")
      }
      references[member.name] = target
    }
    guard references.count == members.count else {
      throw reader.invalid(name, "two references have one name")
    }
    return references
  }
}

extension Operation: Equatable {
  /// Operations are equal when their canonical bytes are.
  public static func == (left: Operation, right: Operation) -> Bool {
    left.canonicalBytes == right.canonicalBytes
  }
}
