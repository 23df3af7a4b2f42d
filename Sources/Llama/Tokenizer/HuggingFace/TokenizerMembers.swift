import Records

/// Reads members of tokenizer.json and names them in errors.
struct TokenizerMembers {
  let path: String
  /// Where this object sits, such as `model`.
  let place: String
  private let members: [JSONMember]

  init(_ value: JSONValue, place: String, path: String) throws {
    guard case .object(let members) = value else {
      throw TokenizerError.malformed(path: path, member: place, reason: "is not an object")
    }
    self.members = members
    self.place = place
    self.path = path
  }

  func name(_ key: String) -> String { place.isEmpty ? key : place + "." + key }

  func malformed(_ key: String, _ reason: String) -> TokenizerError {
    .malformed(path: path, member: name(key), reason: reason)
  }

  func unsupported(_ key: String, _ what: String) -> TokenizerError {
    .unsupported(path: path, member: name(key), what: what)
  }

  /// The member's value; nil when it is absent or null.
  subscript(key: String) -> JSONValue? {
    guard let value = members.first(where: { $0.name == key })?.value, value != .null else { return nil }
    return value
  }

  func object(_ key: String) throws -> TokenizerMembers? {
    try self[key].map { try TokenizerMembers($0, place: name(key), path: path) }
  }

  func objects(_ key: String) throws -> [TokenizerMembers] {
    guard let value = self[key] else { return [] }
    guard case .array(let items) = value else { throw malformed(key, "is not a list") }
    return try items.enumerated().map {
      try TokenizerMembers($0.element, place: "\(name(key))[\($0.offset)]", path: path)
    }
  }

  func string(_ key: String) throws -> String {
    guard case .string(let text) = self[key] else { throw malformed(key, "is not a string") }
    return text
  }

  func optionalString(_ key: String) throws -> String? { self[key] == nil ? nil : try string(key) }

  func bool(_ key: String, default standard: Bool) throws -> Bool {
    guard let value = self[key] else { return standard }
    guard case .bool(let flag) = value else { throw malformed(key, "is not true or false") }
    return flag
  }

  /// A token id: a whole number from 0 to 2^24.
  static func tokenID(_ value: JSONValue?) -> Int32? {
    guard case .number(let number) = value, number >= 0, number <= 16_777_216 else { return nil }
    return Int32(exactly: number)
  }
}
