/// Reads the members of one JSON object of a known shape: names the path of what is wrong, and refuses members
/// that nobody asked for.
struct MemberReader {
  private let kind: String
  private let path: String
  private let members: [JSONMember]
  private var taken: [Bool]

  init(_ value: JSONValue, kind: String, path: String = "") throws(ObjectFormatError) {
    guard case .object(let members) = value else {
      throw ObjectFormatError(kind: kind, path: path, .expected("an object"))
    }
    self.kind = kind
    self.path = path
    self.members = members
    taken = Array(repeating: false, count: members.count)
  }

  /// Reads `bytes` as one object of a kind, calls `read`, and refuses members that `read` did not take.
  /// - Parameter canonical: whether any spelling but the canonical one is refused, as it must be for objects
  ///   that are named by the hash of their bytes.
  static func read<Value>(
    _ bytes: [UInt8], kind: String, canonical: Bool,
    _ read: (inout MemberReader) throws(ObjectFormatError) -> Value
  ) throws(ObjectFormatError) -> Value {
    let value: JSONValue
    do {
      value = try JSON.parse(bytes)
    } catch {
      throw ObjectFormatError(kind: kind, .json(error.description))
    }
    var reader = try MemberReader(value, kind: kind)
    let result = try read(&reader)
    try reader.end()
    if canonical {
      let spelled = CanonicalJSON.encode(value)
      if spelled != bytes {
        let byte = zip(spelled, bytes).enumerated().first { $1.0 != $1.1 }?.offset
        throw ObjectFormatError(kind: kind, .notCanonical(byte: byte ?? min(spelled.count, bytes.count)))
      }
    }
    return result
  }

  /// Takes the members `kind` and `v` that every stored JSON object begins with in meaning.
  mutating func header() throws(ObjectFormatError) {
    guard try string("kind").utf8.elementsEqual(kind.utf8) else {
      throw invalid("kind", "it is not '\(kind)'")
    }
    guard try integer("v") == 1 else { throw invalid("v", "this version of mdata reads version 1") }
  }

  /// Takes the member `schema` that names the format of a file.
  mutating func schema(_ name: String) throws(ObjectFormatError) {
    let found = try string("schema")
    guard found.utf8.elementsEqual(name.utf8) else {
      throw invalid("schema", "it is '\(found)' where this version of mdata reads '\(name)'")
    }
  }

  /// Refuses the members that were not taken.
  func end() throws(ObjectFormatError) {
    for (position, member) in members.enumerated() where !taken[position] {
      throw ObjectFormatError(kind: kind, path: full(member.name), .unknown)
    }
  }

  // MARK: Members by type

  mutating func value(_ name: String) throws(ObjectFormatError) -> JSONValue {
    guard let value = optional(name) else { throw ObjectFormatError(kind: kind, path: full(name), .missing) }
    return value
  }

  mutating func optional(_ name: String) -> JSONValue? {
    guard let position = members.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
      return nil
    }
    taken[position] = true
    return members[position].value
  }

  mutating func string(_ name: String) throws(ObjectFormatError) -> String {
    try text(try value(name), name)
  }

  mutating func optionalString(_ name: String) throws(ObjectFormatError) -> String? {
    guard let value = optional(name) else { return nil }
    return try text(value, name)
  }

  mutating func nonEmpty(_ name: String) throws(ObjectFormatError) -> String {
    let text = try string(name)
    guard !text.utf8.isEmpty else { throw invalid(name, "it is empty") }
    return text
  }

  /// A string that is left out rather than empty.
  mutating func optionalNonEmpty(_ name: String) throws(ObjectFormatError) -> String? {
    has(name) ? try nonEmpty(name) : nil
  }

  mutating func integer(
    _ name: String, in range: ClosedRange<Int> = 0...(1 << 53)
  ) throws(ObjectFormatError) -> Int {
    guard let number = try value(name).int else { throw expected(name, "a whole number") }
    guard range.contains(number) else {
      throw invalid(name, "\(number) is not within \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  mutating func optionalInteger(
    _ name: String, in range: ClosedRange<Int> = 0...(1 << 53)
  ) throws(ObjectFormatError) -> Int? {
    has(name) ? try integer(name, in: range) : nil
  }

  /// A measured number; `null` stands for one that is not finite.
  mutating func measure(_ name: String) throws(ObjectFormatError) -> Double {
    let value = try value(name)
    if value.isNull { return .nan }
    guard let number = value.double else { throw expected(name, "a number or null") }
    return number
  }

  mutating func bool(_ name: String) throws(ObjectFormatError) -> Bool {
    guard let flag = try value(name).bool else { throw expected(name, "true or false") }
    return flag
  }

  mutating func objectID(_ name: String) throws(ObjectFormatError) -> ObjectID {
    try objectID(try value(name), name)
  }

  mutating func objectIDs(_ name: String) throws(ObjectFormatError) -> [ObjectID] {
    var ids: [ObjectID] = []
    let elements = try array(name)
    ids.reserveCapacity(elements.count)
    // A batch of millions of rows has tens of thousands: a place is put into words when it is needed.
    for element in elements { ids.append(try objectID(element, "\(name)[\(ids.count)]")) }
    return ids
  }

  /// A record id in its full written form.
  mutating func recordID(_ name: String) throws(ObjectFormatError) -> RecordID {
    guard let record = RecordID(try string(name)) else {
      throw expected(name, "a record id of 24 lower-case hex digits, a colon and a row")
    }
    return record
  }

  /// A finite number that may be absent.
  mutating func optionalNumber(_ name: String) throws(ObjectFormatError) -> Double? {
    guard let value = optional(name) else { return nil }
    guard let number = value.double else { throw expected(name, "a number") }
    return number
  }

  mutating func digest(_ name: String) throws(ObjectFormatError) -> ContentDigest {
    guard let digest = ContentDigest(hex: try string(name)) else {
      throw expected(name, "a SHA-256 digest of 64 lower-case hex digits")
    }
    return digest
  }

  mutating func time(_ name: String) throws(ObjectFormatError) -> Timestamp {
    guard let time = Timestamp(try string(name)) else {
      throw expected(name, "a time in UTC such as 2026-05-04T10:00:00Z")
    }
    return time
  }

  /// The id of a git commit: 40 (SHA-1) or 64 (SHA-256) lower-case hex digits.
  mutating func gitID(_ name: String) throws(ObjectFormatError) -> String {
    let text = try string(name)
    let isHex = text.utf8.allSatisfy { Hex.value(of: $0) != nil && !(0x41...0x46).contains($0) }
    guard isHex, text.utf8.count == 40 || text.utf8.count == 64 else {
      throw expected(name, "a git commit id of 40 or 64 lower-case hex digits")
    }
    return text
  }

  mutating func array(_ name: String) throws(ObjectFormatError) -> [JSONValue] {
    guard let elements = try value(name).array else { throw expected(name, "an array") }
    return elements
  }

  mutating func optionalArray(_ name: String) throws(ObjectFormatError) -> [JSONValue]? {
    has(name) ? try array(name) : nil
  }

  /// Reads a nested object with `read`; all of its members must be taken.
  mutating func object<Value>(
    _ name: String, _ read: (inout MemberReader) throws(ObjectFormatError) -> Value
  ) throws(ObjectFormatError) -> Value {
    try Self.nested(try value(name), kind, full(name), read)
  }

  mutating func optionalObject<Value>(
    _ name: String, _ read: (inout MemberReader) throws(ObjectFormatError) -> Value
  ) throws(ObjectFormatError) -> Value? {
    has(name) ? try object(name, read) : nil
  }

  /// Reads an array of objects with `read`.
  mutating func objects<Value>(
    _ name: String, _ read: (inout MemberReader) throws(ObjectFormatError) -> Value
  ) throws(ObjectFormatError) -> [Value] {
    var values: [Value] = []
    for (position, element) in try array(name).enumerated() {
      values.append(try Self.nested(element, kind, full("\(name)[\(position)]"), read))
    }
    return values
  }

  mutating func optionalObjects<Value>(
    _ name: String, _ read: (inout MemberReader) throws(ObjectFormatError) -> Value
  ) throws(ObjectFormatError) -> [Value] {
    has(name) ? try objects(name, read) : []
  }

  /// The members of a nested object whose names are data.
  mutating func openObject(_ name: String) throws(ObjectFormatError) -> [JSONMember] {
    guard let members = try value(name).object else { throw expected(name, "an object") }
    return members
  }

  // MARK: Findings

  func expected(_ name: String, _ type: String) -> ObjectFormatError {
    ObjectFormatError(kind: kind, path: full(name), .expected(type))
  }

  func invalid(_ name: String, _ reason: String) -> ObjectFormatError {
    ObjectFormatError(kind: kind, path: full(name), .invalid(reason))
  }

  func has(_ name: String) -> Bool { members.contains { $0.name.utf8.elementsEqual(name.utf8) } }

  private func full(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

  private func text(_ value: JSONValue, _ name: String) throws(ObjectFormatError) -> String {
    guard let text = value.string else { throw expected(name, "a string") }
    return text
  }

  private func objectID(_ value: JSONValue, _ name: @autoclosure () -> String) throws(ObjectFormatError)
    -> ObjectID
  {
    guard var text = value.string, let id = text.withUTF8({ ObjectID(lowercaseHex: $0) }) else {
      throw expected(name(), "an object id of 64 lower-case hex digits")
    }
    return id
  }

  private static func nested<Value>(
    _ value: JSONValue, _ kind: String, _ path: String,
    _ read: (inout MemberReader) throws(ObjectFormatError) -> Value
  ) throws(ObjectFormatError) -> Value {
    var reader = try MemberReader(value, kind: kind, path: path)
    let result = try read(&reader)
    try reader.end()
    return result
  }
}
