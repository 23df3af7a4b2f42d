/// Writes a nested canonical JSON value in the white space and escapes of a layout.
struct ValueRespeller {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let style: JSONStyle
  private let writer: StringWriter
  private var position = 0

  init(_ canonical: UnsafeBufferPointer<UInt8>, style: JSONStyle) {
    bytes = canonical
    self.style = style
    writer = StringWriter(style.escaping)
  }

  /// Appends the value, which is a member of the row's own object.
  mutating func append(to output: inout [UInt8]) { value(depth: 1, to: &output) }

  private mutating func value(depth: Int, to output: inout [UInt8]) {
    guard position < bytes.count else { return }
    switch bytes[position] {
    case UInt8(ascii: "\""): string(to: &output)
    case UInt8(ascii: "{"), UInt8(ascii: "["): container(depth: depth, to: &output)
    default:
      let start = position
      while position < bytes.count, !Self.endsScalar(bytes[position]) { position += 1 }
      output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<position]))
    }
  }

  private mutating func string(to output: inout [UInt8]) {
    let start = position + 1
    position = start
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
    }
    position = min(position, bytes.count)
    output.append(UInt8(ascii: "\""))
    writer.append(UnsafeBufferPointer(rebasing: bytes[start..<position]), to: &output)
    output.append(UInt8(ascii: "\""))
    position = min(position + 1, bytes.count)
  }

  private mutating func container(depth: Int, to output: inout [UInt8]) {
    let opening = bytes[position]
    let isObject = opening == UInt8(ascii: "{")
    output.append(opening)
    position += 1
    if position < bytes.count, bytes[position] == opening + 2 {
      // `[]` and `{}` stay together. A closing bracket is two above its opening one in ASCII.
      output.append(opening + 2)
      position += 1
      return
    }
    let level = style.nested(depth)
    let padded = isObject || style.isIndented
    if padded { output.append(contentsOf: level.open) }
    while position < bytes.count {
      if isObject {
        string(to: &output)
        output.append(contentsOf: style.colon)
        position += 1
      }
      value(depth: depth + 1, to: &output)
      guard position < bytes.count, bytes[position] == UInt8(ascii: ",") else { break }
      output.append(contentsOf: level.comma)
      position += 1
    }
    if padded { output.append(contentsOf: level.close) }
    output.append(opening + 2)
    position += 1
  }

  private static func endsScalar(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
  }
}
