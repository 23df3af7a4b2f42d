import Glibc

/// A column's name as UTF-8 and its value as canonical JSON.
struct RenderedColumn {
  let name: UnsafeBufferPointer<UInt8>
  let value: UnsafeBufferPointer<UInt8>
}

extension RowTemplate {
  /// Appends a row.
  /// - Parameters:
  ///   - pair: the pair's canonical bytes, in which `parts` are found.
  ///   - columns: the columns beside the pair, in the order for those that the layout does not know.
  ///   - placeholder: how the source spelled an input that the pair does not have, in canonical spelling.
  func render(
    _ pair: UnsafeBufferPointer<UInt8>, _ parts: PairParts, columns: [RenderedColumn],
    placeholder: UnsafeBufferPointer<UInt8>?, to output: inout [UInt8]
  ) {
    literals.withUnsafeBufferPointer { pool in
      guard let base = pair.baseAddress, let pool = pool.baseAddress else { return }
      render(base, parts, columns: columns, placeholder: placeholder, pool, to: &output)
    }
  }

  @inline(__always)
  private func render(
    _ base: UnsafePointer<UInt8>, _ parts: PairParts, columns: [RenderedColumn],
    placeholder: UnsafeBufferPointer<UInt8>?, _ pool: UnsafePointer<UInt8>, to output: inout [UInt8]
  ) {
    let writer = StringWriter(style.escaping)
    var isFirst = true
    var columnsLeft = columns.count
    for slot in slots {
      switch slot.role {
      case nil:
        guard columnsLeft > 0, let column = columns.first(where: { $0.isNamed(slot.name.bytes(pool)) }) else {
          continue
        }
        columnsLeft -= 1
        begin(slot.key.bytes(pool), &isFirst, pool, &output)
        append(value: column.value, writer, to: &output)
      case .instruction: text(parts.instruction, base, slot.key.bytes(pool), &isFirst, writer, pool, &output)
      case .output: text(parts.output, base, slot.key.bytes(pool), &isFirst, writer, pool, &output)
      case .input:
        if let input = parts.input {
          text(input, base, slot.key.bytes(pool), &isFirst, writer, pool, &output)
        } else if placeholder != nil || slot.isEmptyWhenAbsent {
          begin(slot.key.bytes(pool), &isFirst, pool, &output)
          output.append(UInt8(ascii: "\""))
          if let placeholder { writer.append(placeholder, to: &output) }
          output.append(UInt8(ascii: "\""))
        }
      case .system:
        if let system = parts.system {
          text(system, base, slot.key.bytes(pool), &isFirst, writer, pool, &output)
        } else if slot.isEmptyWhenAbsent {
          begin(slot.key.bytes(pool), &isFirst, pool, &output)
          output.append(UInt8(ascii: "\""))
          output.append(UInt8(ascii: "\""))
        }
      case .messages:
        begin(slot.key.bytes(pool), &isFirst, pool, &output)
        append(messagesOf: parts, base, withSystem: !hasSystemSlot, writer, to: &output)
      }
    }
    if columnsLeft > 0 {
      for column in columns
      where !slots.contains(where: { $0.role == nil && column.isNamed($0.name.bytes(pool)) }) {
        key(column.name, writer).withUnsafeBufferPointer { begin($0, &isFirst, pool, &output) }
        append(value: column.value, writer, to: &output)
      }
    }
    output.append(contentsOf: close.bytes(pool))
  }

  @inline(__always)
  private func begin(
    _ key: UnsafeBufferPointer<UInt8>, _ isFirst: inout Bool, _ pool: UnsafePointer<UInt8>,
    _ output: inout [UInt8]
  ) {
    output.append(contentsOf: (isFirst ? open : comma).bytes(pool))
    output.append(contentsOf: key)
    isFirst = false
  }

  @inline(__always)
  private func text(
    _ span: StringSpan, _ base: UnsafePointer<UInt8>, _ key: UnsafeBufferPointer<UInt8>,
    _ isFirst: inout Bool,
    _ writer: StringWriter, _ pool: UnsafePointer<UInt8>, _ output: inout [UInt8]
  ) {
    begin(key, &isFirst, pool, &output)
    output.append(UInt8(ascii: "\""))
    writer.append(UnsafeBufferPointer(start: base + span.start, count: span.count), to: &output)
    output.append(UInt8(ascii: "\""))
  }

  private func key(_ name: UnsafeBufferPointer<UInt8>, _ writer: StringWriter) -> [UInt8] {
    var key: [UInt8] = []
    writer.appendQuoted(name: String(decoding: name, as: UTF8.self), to: &key)
    return key + style.colon
  }

  @inline(__always)
  private func append(
    value: UnsafeBufferPointer<UInt8>, _ writer: StringWriter, to output: inout [UInt8]
  ) {
    switch value.first {
    case UInt8(ascii: "\""):
      output.append(UInt8(ascii: "\""))
      writer.append(UnsafeBufferPointer(rebasing: value[1..<value.count - 1]), to: &output)
      output.append(UInt8(ascii: "\""))
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      var respeller = ValueRespeller(value, style: style)
      respeller.append(to: &output)
    default: output.append(contentsOf: value)
    }
  }

  private func append(
    messagesOf parts: PairParts, _ base: UnsafePointer<UInt8>, withSystem: Bool, _ writer: StringWriter,
    to output: inout [UInt8]
  ) {
    output.append(contentsOf: messages.open)
    if withSystem, let system = parts.system {
      message(.system, system, base, writer, &output)
      output.append(contentsOf: messages.separator)
    }
    for turn in parts.turns {
      message(turn.speaker, turn.content, base, writer, &output)
      output.append(contentsOf: messages.separator)
    }
    message(.user, parts.instruction, base, writer, &output)
    output.append(contentsOf: messages.separator)
    message(.assistant, parts.output, base, writer, &output)
    output.append(contentsOf: messages.close)
  }

  private func message(
    _ speaker: RowValues.Speaker, _ content: StringSpan, _ base: UnsafePointer<UInt8>, _ writer: StringWriter,
    _ output: inout [UInt8]
  ) {
    let name =
      switch speaker {
      case .user: messages.user
      case .assistant: messages.assistant
      case .system: messages.system
      }
    output.append(contentsOf: messages.first)
    if messages.isRoleFirst {
      output.append(contentsOf: name)
      output.append(contentsOf: messages.second)
    }
    output.append(UInt8(ascii: "\""))
    writer.append(UnsafeBufferPointer(start: base + content.start, count: content.count), to: &output)
    output.append(UInt8(ascii: "\""))
    if !messages.isRoleFirst {
      output.append(contentsOf: messages.second)
      output.append(contentsOf: name)
    }
    output.append(contentsOf: messages.end)
  }
}

extension RenderedColumn {
  func isNamed(_ other: [UInt8]) -> Bool { other.withUnsafeBufferPointer { isNamed($0) } }

  @inline(__always)
  func isNamed(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard name.count == other.count else { return false }
    guard let left = name.baseAddress, let right = other.baseAddress else { return true }
    return memcmp(left, right, name.count) == 0
  }
}
