import Records

/// JSON for people to read: members in their order, two spaces a level, as the files of model folders are written.
enum ConfigurationText {
  static func encode(_ value: JSONValue) -> [UInt8] {
    var text: [UInt8] = []
    append(value, indent: 0, to: &text)
    text.append(UInt8(ascii: "\n"))
    return text
  }

  private static func append(_ value: JSONValue, indent: Int, to text: inout [UInt8]) {
    switch value {
    case .object(let members) where !members.isEmpty:
      text.append(UInt8(ascii: "{"))
      for (index, member) in members.enumerated() {
        breakLine(index, indent + 1, &text)
        text += CanonicalJSON.encode(.string(member.name))
        text += Array(": ".utf8)
        append(member.value, indent: indent + 1, to: &text)
      }
      breakLine(0, indent, &text)
      text.append(UInt8(ascii: "}"))
    case .array(let items) where !items.isEmpty:
      text.append(UInt8(ascii: "["))
      for (index, item) in items.enumerated() {
        breakLine(index, indent + 1, &text)
        append(item, indent: indent + 1, to: &text)
      }
      breakLine(0, indent, &text)
      text.append(UInt8(ascii: "]"))
    default: text += CanonicalJSON.encode(value)
    }
  }

  private static func breakLine(_ index: Int, _ indent: Int, _ text: inout [UInt8]) {
    if index > 0 { text.append(UInt8(ascii: ",")) }
    text.append(UInt8(ascii: "\n"))
    text += repeatElement(UInt8(ascii: " "), count: 2 * indent)
  }
}
