/// Reads one row whatever its order and white space: checks it fully and finds the parts of the pair.
struct RowParser {
  let shape: RowShape
  let limits: JSONLimits
  private var keys = SeenKeys()

  init(shape: RowShape, limits: JSONLimits) {
    self.shape = shape
    self.limits = limits
  }

  /// Reads the row at `start..<end` of the bytes at `base`.
  mutating func parse(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, into values: inout RowValues
  ) throws(RowFault) {
    values.removeAll()
    do {
      try row(base, from: start, to: end, into: &values)
    } catch let fault as RowFault {
      throw fault
    } catch let failure as ScanFailure {
      throw RowFault(failure)
    } catch {
      throw RowFault(.notAnObject, at: start)
    }
  }

  private mutating func row(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, into values: inout RowValues
  ) throws {
    guard end - start <= limits.textBytes else {
      throw ScanFailure(.textTooLong(limit: limits.textBytes), at: start)
    }
    var scanner = ByteScanner(base, from: start, to: end, limits: limits)
    scanner.skipWhitespace()
    guard scanner.byte == UInt8(ascii: "{") else {
      // What is no JSON at all is reported as such, before its kind is.
      let place = scanner.at
      var reader = ValueReader(scanner)
      _ = try reader.document()
      throw RowFault(.notAnObject, at: place)
    }
    let messages = try object(&scanner, into: &values)
    scanner.skipWhitespace()
    guard scanner.at == scanner.end else { throw ScanFailure(.trailingBytes, at: scanner.at) }
    if shape.isConversation {
      guard let messages else { throw RowFault(.missing(shape.name(of: .messages)), at: start) }
      try Conversation.split(&values, at: messages)
    } else {
      guard values.instruction != nil else {
        throw RowFault(.missing(shape.name(of: .instruction)), at: start)
      }
      guard values.output != nil else { throw RowFault(.missing(shape.name(of: .output)), at: start) }
    }
  }

  /// Reads the members of the object under the cursor; returns where its messages begin, if it has any.
  private mutating func object(_ scanner: inout ByteScanner, into values: inout RowValues) throws -> Int? {
    var messages: Int?
    keys.removeAll()
    scanner.at += 1
    scanner.skipWhitespace()
    if scanner.skip(UInt8(ascii: "}")) { return nil }
    repeat {
      let key = try keys.next(&scanner)
      try scanner.colon()
      if let role = role(of: key, scanner) {
        if role == .messages {
          messages = scanner.at
          let reader = ConversationParser(shape: shape)
          try reader.parse(&scanner, into: &values)
        } else {
          try text(role, &scanner, into: &values)
        }
      } else {
        let value = try scanner.anyValue()
        values.columns.append(RowValues.Column(field: -1, name: key, value: value))
      }
    } while try scanner.anotherMember()
    return messages
  }

  private func text(_ role: FieldRole, _ scanner: inout ByteScanner, into values: inout RowValues) throws {
    let place = scanner.at
    var span: StringSpan?
    if scanner.byte == UInt8(ascii: "\"") {
      span = try scanner.string()
    } else {
      let value = try scanner.anyValue()
      // An absent input or system message is also written as null.
      let isNull = value.isPlain && scanner.base[value.start] == UInt8(ascii: "n")
      guard isNull, role == .input || role == .system else {
        throw RowFault(.notText(shape.name(of: role)), at: place)
      }
    }
    switch role {
    case .instruction: values.instruction = span
    case .input: values.input = span
    case .output: values.output = span
    case .system, .messages: values.system = span
    }
  }

  private func role(of key: StringSpan, _ scanner: ByteScanner) -> FieldRole? {
    guard key.spelling.contains(.escaped) else { return shape.role(of: scanner.bytes(of: key)) }
    return Array(scanner.text(of: key).utf8).withUnsafeBufferPointer { shape.role(of: $0) }
  }
}
