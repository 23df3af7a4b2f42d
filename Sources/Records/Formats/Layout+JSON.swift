extension Layout {
  /// The layout as the member `layout` of a batch. What is usual is left out.
  ///
  /// `{"dialect"?, "fields":[{"empty"?:true,"name","role"?}], "format", "messages"?:{…}, "prefix"?, "separator",
  /// "style"?:{"close","colon","comma","escaping"?:[…],"open"}, "suffix"}`.
  public var json: JSONValue {
    var members = [JSONMember("format", .string(format.rawValue))]
    if let dialect { members.append(JSONMember("dialect", dialect)) }
    members.append(JSONMember("fields", .array(fields.map(\.json))))
    if format == .messages || format == .shareGPT || fields.contains(where: { $0.role == .messages }) {
      members.append(JSONMember("messages", messages.json))
    }
    if !prefix.isEmpty { members.append(JSONMember("prefix", .text(prefix))) }
    members.append(JSONMember("separator", .text(separator)))
    if format.isJSON { members.append(JSONMember("style", style.json)) }
    members.append(JSONMember("suffix", .text(suffix)))
    return .object(members)
  }

  /// Reads a layout back from a batch.
  ///
  /// Throws ``LayoutFailure`` when a member is missing or is not what this version writes; white space that is
  /// none is refused, so that a damaged layout cannot write rows that are no JSON.
  public init(json: JSONValue) throws(LayoutFailure) {
    guard let name = json["format"]?.string, let format = Format(rawValue: name) else {
      throw LayoutFailure(member: "format")
    }
    guard let fields = json["fields"]?.array else { throw LayoutFailure(member: "fields") }
    var read: [Field] = []
    for field in fields { read.append(try Field(json: field)) }
    self.init(
      format: format, prefix: try json.bytes("prefix", default: []), separator: try json.bytes("separator"),
      suffix: try json.bytes("suffix"), fields: read)
    dialect = json["dialect"]
    if let style = json["style"] { self.style = try JSONStyle(json: style) }
    if let messages = json["messages"] { self.messages = try MessageNames(json: messages) }
    guard format.isJSON else {
      guard let dialect, CSVDialect(dialect, columns: fields.count) != nil else {
        throw LayoutFailure(member: "dialect")
      }
      guard separator.allSatisfy({ $0 == 0x0A || $0 == 0x0D }), !separator.isEmpty else {
        throw LayoutFailure(member: "separator")
      }
      return
    }
    // Around the rows there may be white space and what makes an array of them.
    guard separator.allSatisfy({ isJSONSpace($0) || $0 == UInt8(ascii: ",") }), !separator.isEmpty else {
      throw LayoutFailure(member: "separator")
    }
  }
}

/// Says which member of a stored layout cannot be used.
public struct LayoutFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// The member's name.
  public let member: String

  /// One sentence.
  public var description: String {
    "the batch's layout has no usable '\(member)'; export with an explicit format instead"
  }
}

extension Layout.Field {
  fileprivate var json: JSONValue {
    var members = [JSONMember("name", .string(name))]
    if let role { members.append(JSONMember("role", .string(role.rawValue))) }
    if isEmptyWhenAbsent { members.append(JSONMember("empty", .bool(true))) }
    return .object(members)
  }

  fileprivate init(json: JSONValue) throws(LayoutFailure) {
    guard let name = json["name"]?.string else { throw LayoutFailure(member: "fields.name") }
    var role: FieldRole?
    if let text = json["role"] {
      guard let known = text.string.flatMap(FieldRole.init) else {
        throw LayoutFailure(member: "fields.role")
      }
      role = known
    }
    self.init(name, role: role, isEmptyWhenAbsent: json["empty"]?.bool ?? false)
  }
}

extension JSONStyle {
  fileprivate var json: JSONValue {
    var members = [
      JSONMember("open", .text(open)), JSONMember("comma", .text(comma)), JSONMember("colon", .text(colon)),
      JSONMember("close", .text(close)),
    ]
    let names = Escaping.names.filter { escaping[keyPath: $0.path] }.map { JSONValue.string($0.name) }
    if !names.isEmpty { members.append(JSONMember("escaping", .array(names))) }
    return .object(members)
  }

  fileprivate init(json: JSONValue) throws(LayoutFailure) {
    self.init(
      open: try json.space("open"), comma: try json.space("comma", around: UInt8(ascii: ",")),
      colon: try json.space("colon", around: UInt8(ascii: ":")), close: try json.space("close"))
    for name in json["escaping"]?.array ?? [] {
      guard let known = Escaping.names.first(where: { $0.name == name.string }) else {
        throw LayoutFailure(member: "style.escaping")
      }
      escaping[keyPath: known.path] = true
    }
  }
}

extension Escaping {
  fileprivate static var names: [(name: String, path: WritableKeyPath<Escaping, Bool>)] {
    [
      ("ascii", \.isASCII), ("slash", \.slash), ("markup", \.markup), ("line-separators", \.lineSeparators),
      ("upper-case", \.upperCase),
    ]
  }
}

extension MessageNames {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("role", .string(role)), JSONMember("content", .string(content)),
      JSONMember("first", .string(isRoleFirst ? "role" : "content")), JSONMember("user", .string(user)),
      JSONMember("assistant", .string(assistant)), JSONMember("system", .string(system)),
    ])
  }

  fileprivate init(json: JSONValue) throws(LayoutFailure) {
    guard let role = json["role"]?.string, let content = json["content"]?.string,
      let user = json["user"]?.string,
      let assistant = json["assistant"]?.string, let system = json["system"]?.string,
      let first = json["first"]?.string, first == "role" || first == "content"
    else { throw LayoutFailure(member: "messages") }
    self.init(
      role: role, content: content, isRoleFirst: first == "role", user: user, assistant: assistant,
      system: system)
  }
}

extension JSONValue {
  fileprivate static func text(_ bytes: [UInt8]) -> JSONValue {
    .string(String(decoding: bytes, as: UTF8.self))
  }

  fileprivate func bytes(_ member: String, default missing: [UInt8]? = nil) throws(LayoutFailure) -> [UInt8] {
    if let text = self[member]?.string { return Array(text.utf8) }
    guard self[member] == nil, let missing else { throw LayoutFailure(member: member) }
    return missing
  }

  /// White space, with exactly one punctuation mark in it if there is to be one.
  fileprivate func space(_ member: String, around mark: UInt8? = nil) throws(LayoutFailure) -> [UInt8] {
    let bytes = try bytes(member)
    guard bytes.allSatisfy({ isJSONSpace($0) || $0 == mark }),
      bytes.count(where: { !isJSONSpace($0) }) == (mark == nil ? 0 : 1)
    else { throw LayoutFailure(member: "style." + member) }
    return bytes
  }
}

private func isJSONSpace(_ byte: UInt8) -> Bool {
  byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}
