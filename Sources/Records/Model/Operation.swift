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
  /// Objects that the operation made or brought back and no reference leads to, such as training runs.
  public var objects: [ObjectID]
  /// Such objects that count no longer: the runs of a training that was undone.
  public var removed: [ObjectID]
  /// What was staged before and after; nil when the operation left it alone.
  public var staging: StagingChange?
  /// What it does to another operation; nil for an operation of its own.
  public var reversal: Reversal?

  /// A change of what is staged: the digests of two staging states, nil for none staged.
  public struct StagingChange: Hashable, Sendable {
    /// The state before.
    public var before: ContentDigest?
    /// The state after.
    public var after: ContentDigest?

    /// A change.
    public init(before: ContentDigest?, after: ContentDigest?) {
      self.before = before
      self.after = after
    }
  }

  /// That an operation takes back another one, or does again what was taken back.
  public enum Reversal: Hashable, Sendable {
    /// It takes back the operation with this number.
    case undoes(Int)
    /// It does the operation with this number again.
    case redoes(Int)
  }

  /// What the member `schema` says.
  public static let schema = "mdata.operation/v1"
  /// What it says when a member is there that the first version did not know.
  public static let extendedSchema = "mdata.operation/v2"

  private var isExtended: Bool { staging != nil || reversal != nil || !removed.isEmpty }

  /// An operation.
  public init(
    parent: ContentDigest?, time: Timestamp, verb: String, description: String, before: References,
    after: References, objects: [ObjectID] = [], removed: [ObjectID] = [], staging: StagingChange? = nil,
    reversal: Reversal? = nil
  ) {
    self.parent = parent
    self.time = time
    self.verb = verb
    self.description = description
    self.before = before
    self.after = after
    self.objects = objects
    self.removed = removed
    self.staging = staging
    self.reversal = reversal
  }

  /// The file's bytes: canonical JSON, of the lowest version that can say it.
  public var canonicalBytes: [UInt8] {
    var list = MemberList()
    list.add("schema", isExtended ? Self.extendedSchema : Self.schema)
    list.add("parent", parent.map { .string($0.hex) } ?? .null)
    list.add("time", time.text)
    list.add("verb", verb)
    list.add("description", description)
    list.add("before") { for (name, target) in before { $0.add(name, target) } }
    list.add("after") { for (name, target) in after { $0.add(name, target) } }
    list.add("objects", objects: objects.map { .string($0.hex) })
    list.add("removed", objects: removed.map { .string($0.hex) })
    if let staging {
      list.add("staging") { (list: inout MemberList) in
        list.add("before", staging.before.map { .string($0.hex) } ?? .null)
        list.add("after", staging.after.map { .string($0.hex) } ?? .null)
      }
    }
    switch reversal {
    case .undoes(let number): list.add("undoes", number)
    case .redoes(let number): list.add("redoes", number)
    case nil: break
    }
    return CanonicalJSON.encode(list.json)
  }

  /// Reads an operation file. Throws an ``ObjectFormatError`` that names the member.
  public init(parsing bytes: [UInt8]) throws(ObjectFormatError) {
    self = try MemberReader.read(bytes, kind: "operation", canonical: true) {
      (reader) throws(ObjectFormatError) in
      let isExtended =
        reader.optional("schema")?.string?.utf8.elementsEqual(Operation.extendedSchema.utf8) == true
      try reader.schema(isExtended ? Operation.extendedSchema : Operation.schema)
      var operation = Operation(
        parent: try reader.value("parent").isNull ? nil : try reader.digest("parent"),
        time: try reader.time("time"), verb: try reader.nonEmpty("verb"),
        description: try reader.string("description"), before: try Self.references(&reader, "before"),
        after: try Self.references(&reader, "after"), objects: try Self.objects(&reader, "objects"))
      guard isExtended else { return operation }
      operation.removed = try Self.objects(&reader, "removed")
      operation.staging = try reader.optionalObject("staging") { (reader) throws(ObjectFormatError) in
        StagingChange(before: try Self.state(&reader, "before"), after: try Self.state(&reader, "after"))
      }
      operation.reversal = try Self.reversal(&reader)
      guard operation.isExtended else {
        throw reader.invalid("schema", "what the first version can say is of the first version")
      }
      return operation
    }
  }

  private static func objects(
    _ reader: inout MemberReader, _ name: String
  ) throws(ObjectFormatError) -> [ObjectID] {
    guard reader.has(name) else { return [] }
    let objects = try reader.objectIDs(name)
    guard !objects.isEmpty else { throw reader.invalid(name, "an empty list is left out") }
    return objects
  }

  private static func state(
    _ reader: inout MemberReader, _ name: String
  ) throws(ObjectFormatError) -> ContentDigest? {
    try reader.value(name).isNull ? nil : try reader.digest(name)
  }

  private static func reversal(_ reader: inout MemberReader) throws(ObjectFormatError) -> Reversal? {
    let undone = try reader.optionalInteger("undoes")
    let redone = try reader.optionalInteger("redoes")
    guard undone == nil || redone == nil else {
      throw reader.invalid("redoes", "an operation cannot undo and redo at once")
    }
    guard let number = undone ?? redone else { return nil }
    guard number > 0 else { throw reader.invalid("undoes", "operations are numbered from 1") }
    return undone == nil ? .redoes(number) : .undoes(number)
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
