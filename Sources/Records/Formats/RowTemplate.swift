import Glibc

/// A layout made ready for use: the exact bytes around every value of a row.
///
/// One template both recognises rows (``match(_:from:to:limits:into:)``) and writes them, so a row that matched
/// is known to come back as it was. A class, because it is at hand for every row and its many arrays would each be counted.
final class RowTemplate: Sendable {
  struct Slot: Sendable {
    /// The key in quotes and the colon.
    let key: Literal
    /// The column's name as UTF-8.
    let name: Literal
    let role: FieldRole?
    let isEmptyWhenAbsent: Bool
  }

  /// The bytes of all literals: one array, so that going through a row touches no reference counts.
  let literals: [UInt8]
  let slots: [Slot]
  let open, comma, close: Literal
  let style: JSONStyle
  let messages: MessageTemplate
  let separator: [UInt8]
  /// White space inside nested values by their depth, from 0, which is the row itself.
  let levels: [LevelStyle]

  init(_ layout: Layout) {
    style = layout.style
    let writer = StringWriter(layout.style.escaping)
    var literals: [UInt8] = []
    slots = layout.fields.map { field in
      var key: [UInt8] = []
      writer.appendQuoted(name: field.name, to: &key)
      return Slot(
        key: Literal(key + layout.style.colon, in: &literals),
        name: Literal(Array(field.name.utf8), in: &literals),
        role: field.role, isEmptyWhenAbsent: field.isEmptyWhenAbsent)
    }
    open = Literal([UInt8(ascii: "{")] + style.open, in: &literals)
    comma = Literal(style.comma, in: &literals)
    close = Literal(style.close + [UInt8(ascii: "}")], in: &literals)
    // Never empty: there is a brace at least.
    self.literals = literals
    messages = MessageTemplate(layout.messages, style: layout.style)
    separator = layout.separator
    levels = (0...Self.deepestMatched).map { layout.style.nested($0) }
  }

  /// Reads a row that is spelled exactly as the layout spells it; false, with `values` undefined, for any other.
  func match(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, limits: JSONLimits,
    into values: inout RowValues
  ) -> Bool {
    guard end - start <= limits.textBytes, slots.count <= limits.keys else { return false }
    values.removeAll()
    return literals.withUnsafeBufferPointer { buffer in
      guard let pool = buffer.baseAddress else { return false }
      var scanner = ByteScanner(base, from: start, to: end, limits: limits)
      return match(&scanner, pool, into: &values)
    }
  }

  @inline(__always)
  private func match(
    _ scanner: inout ByteScanner, _ pool: UnsafePointer<UInt8>, into values: inout RowValues
  ) -> Bool {
    guard scanner.skip(open, pool) else { return false }
    for index in slots.indices {
      guard scanner.skip(slots[index].key, pool) else {
        if slots[index].isEmptyWhenAbsent { return false }
        continue
      }
      guard (try? value(of: index, &scanner, into: &values)) == true else { return false }
      if scanner.skip(comma, pool) { continue }
      guard scanner.skip(close, pool), scanner.at == scanner.end else { return false }
      for rest in slots[(index + 1)...] where rest.isEmptyWhenAbsent { return false }
      return isComplete(&values)
    }
    return false
  }

  private func isComplete(_ values: inout RowValues) -> Bool {
    if values.hasMessages {
      guard (try? Conversation.split(&values, at: 0)) != nil else { return false }
      // A layout with a system column writes the system message there.
      guard values.system == nil || values.systemIsMessage != hasSystemSlot else { return false }
    }
    guard values.instruction != nil, values.output != nil else { return false }
    values.conforms = true
    return true
  }

  var hasSystemSlot: Bool { slots.contains { $0.role == .system } }

  @inline(__always)
  private func value(
    of index: Int, _ scanner: inout ByteScanner, into values: inout RowValues
  ) throws(ScanFailure) -> Bool {
    let start = scanner.at
    let role = slots[index].role
    guard let byte = scanner.byte else { return false }
    if byte == UInt8(ascii: "\"") {
      let span = try scanner.string()
      guard style.escaping.spells(span) else { return false }
      switch role {
      case nil:
        let value = RowValues.ScalarOrNested(start: start, end: scanner.at, kind: .string(span.spelling))
        values.columns.append(RowValues.Column(field: index, name: span, value: value))
      case .instruction: values.instruction = span
      case .output: values.output = span
      case .input: values.input = span
      case .system:
        guard span.count > 0 || slots[index].isEmptyWhenAbsent else { return false }
        values.system = span
      case .messages: return false
      }
      return true
    }
    guard role == nil else { return role == .messages && messages.match(&scanner, style, into: &values) }
    var kind = RowValues.ScalarOrNested.Kind.plain
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      guard try matchNested(&scanner, depth: 1) else { return false }
      kind = .nested
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      guard try scanner.number().isPlain else { return false }
    case UInt8(ascii: "t"): try scanner.literal("true")
    case UInt8(ascii: "f"): try scanner.literal("false")
    case UInt8(ascii: "n"): try scanner.literal("null")
    default: return false
    }
    let value = RowValues.ScalarOrNested(start: start, end: scanner.at, kind: kind)
    let name = StringSpan(start: start, end: start, spelling: [])
    values.columns.append(RowValues.Column(field: index, name: name, value: value))
    return true
  }
}

/// Bytes of a template, as a place in its `literals`.
struct Literal: Sendable {
  let start: Int
  let count: Int

  init(_ bytes: [UInt8], in literals: inout [UInt8]) {
    start = literals.count
    count = bytes.count
    literals += bytes
  }

  @inline(__always)
  func bytes(_ pool: UnsafePointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: pool + start, count: count)
  }
}

extension ByteScanner {
  /// Moves over these bytes if they are next, and says whether they were.
  @inline(__always)
  mutating func skip(_ literal: Literal, _ pool: UnsafePointer<UInt8>) -> Bool {
    guard end &- at >= literal.count, memcmp(base + at, pool + literal.start, literal.count) == 0 else {
      return false
    }
    at &+= literal.count
    return true
  }

  /// Moves over these bytes if they are next, and says whether they were.
  @inline(__always)
  mutating func skip(literal: [UInt8]) -> Bool {
    let count = literal.count
    guard end &- at >= count else { return false }
    let isEqual = literal.withUnsafeBufferPointer { buffer in
      // An empty literal is always next.
      buffer.baseAddress.map { memcmp(base + at, $0, count) == 0 } ?? true
    }
    if isEqual { at &+= count }
    return isEqual
  }
}
