/// The exact bytes around the values of a conversation.
struct MessageTemplate: Sendable {
  /// `[` and what follows it before the first message, the bytes between messages, and those before and with `]`.
  let open, separator, close: [UInt8]
  /// `{"role":` or what stands first in a message, `,"content":`, and the message's end.
  let first, second, end: [UInt8]
  let isRoleFirst: Bool
  /// The names in quotes as they are written.
  let user, assistant, system: [UInt8]

  init(_ names: MessageNames, style: JSONStyle) {
    let writer = StringWriter(style.escaping)
    func quoted(_ name: String) -> [UInt8] {
      var bytes: [UInt8] = []
      writer.appendQuoted(name: name, to: &bytes)
      return bytes
    }
    let array = style.nested(1)
    let object = style.nested(2)
    open = [UInt8(ascii: "[")] + (style.isIndented ? array.open : [])
    separator = array.comma
    close = (style.isIndented ? array.close : []) + [UInt8(ascii: "]")]
    let names1 = names.isRoleFirst ? names.role : names.content
    let names2 = names.isRoleFirst ? names.content : names.role
    first = [UInt8(ascii: "{")] + object.open + quoted(names1) + style.colon
    second = object.comma + quoted(names2) + style.colon
    end = object.close + [UInt8(ascii: "}")]
    isRoleFirst = names.isRoleFirst
    user = quoted(names.user)
    assistant = quoted(names.assistant)
    system = quoted(names.system)
  }

  /// Reads messages spelled exactly so; false for any others.
  func match(
    _ scanner: inout ByteScanner, _ style: JSONStyle, into values: inout RowValues
  ) -> Bool {
    values.hasMessages = true
    guard scanner.skip(literal: open) else { return false }
    repeat {
      guard scanner.skip(literal: first) else { return false }
      var speaker: RowValues.Speaker?
      if isRoleFirst {
        speaker = self.speaker(&scanner)
        guard scanner.skip(literal: second) else { return false }
      }
      guard scanner.byte == UInt8(ascii: "\""), let content = try? scanner.string(),
        style.escaping.spells(content)
      else { return false }
      if !isRoleFirst {
        guard scanner.skip(literal: second) else { return false }
        speaker = self.speaker(&scanner)
      }
      guard let speaker, scanner.skip(literal: end) else { return false }
      values.turns.append(RowValues.Turn(speaker: speaker, content: content))
    } while scanner.skip(literal: separator)
    return scanner.skip(literal: close)
  }

  private func speaker(_ scanner: inout ByteScanner) -> RowValues.Speaker? {
    if scanner.skip(literal: user) { return .user }
    if scanner.skip(literal: assistant) { return .assistant }
    return scanner.skip(literal: system) ? .system : nil
  }
}
