/// Which columns of a row hold which part of a pair.
struct RowShape: Sendable {
  struct Named: Sendable {
    let name: [UInt8]
    let role: FieldRole
  }

  /// The columns that mean something; all others are kept as they are.
  let named: [Named]
  /// True when the pair comes from a list of messages.
  let isConversation: Bool
  let speakers: MessageNames

  init(format: Format, renamed fields: [String: String], speakers: MessageNames) {
    // A renamed role gives up its documented name, so that this name can be a plain column.
    var named = format.documentedFields.filter { fields[$0.role.rawValue] == nil }
    for (role, name) in fields {
      if let role = FieldRole(rawValue: role) { named.append((name, role)) }
    }
    self.named = named.map { Named(name: Array($0.name.utf8), role: $0.role) }
    isConversation = named.contains { $0.role == .messages }
    self.speakers = speakers
  }

  /// The shape of rows of a layout, whose fields know their roles.
  init(_ layout: Layout) {
    var named = layout.fields.compactMap { field in field.role.map { (name: field.name, role: $0) } }
    for documented in layout.format.documentedFields
    where !named.contains(where: { $0.role == documented.role })
      && !layout.fields.contains(where: { $0.name.utf8.elementsEqual(documented.name.utf8) })
    {
      named.append(documented)
    }
    self.named = named.map { Named(name: Array($0.name.utf8), role: $0.role) }
    isConversation = named.contains { $0.role == .messages }
    speakers = layout.messages
  }

  /// The role of a column by the bytes of its name.
  @inline(__always)
  func role(of name: UnsafeBufferPointer<UInt8>) -> FieldRole? {
    for candidate in named where candidate.name.count == name.count {
      if candidate.name.elementsEqual(name) { return candidate.role }
    }
    return nil
  }

  /// What a role's column is called here, for messages to people.
  func name(of role: FieldRole) -> String {
    named.first { $0.role == role }.map { String(decoding: $0.name, as: UTF8.self) } ?? role.rawValue
  }

  /// Who a message is from; nil for a name that is not known.
  func speaker(_ name: UnsafeBufferPointer<UInt8>) -> RowValues.Speaker? {
    if name.elementsEqual(speakers.user.utf8) { return .user }
    if name.elementsEqual(speakers.assistant.utf8) { return .assistant }
    if name.elementsEqual(speakers.system.utf8) { return .system }
    switch String(decoding: name, as: UTF8.self) {
    case "user", "human": return .user
    case "assistant", "gpt": return .assistant
    case "system": return .system
    default: return nil
    }
  }
}
