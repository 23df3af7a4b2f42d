/// Reads the array of messages of a row.
struct ConversationParser {
  let shape: RowShape

  /// Reads the value under the cursor into `values.turns` and moves behind it.
  func parse(_ scanner: inout ByteScanner, into values: inout RowValues) throws {
    guard scanner.byte == UInt8(ascii: "[") else {
      let place = scanner.at
      _ = try scanner.anyValue()
      throw RowFault(.notMessages(shape.name(of: .messages)), at: place)
    }
    scanner.at += 1
    scanner.skipWhitespace()
    if scanner.skip(UInt8(ascii: "]")) { return }
    repeat {
      values.turns.append(try message(&scanner, number: values.turns.count + 1))
    } while try scanner.anotherElement()
  }

  private func message(_ scanner: inout ByteScanner, number: Int) throws -> RowValues.Turn {
    let place = scanner.at
    guard scanner.byte == UInt8(ascii: "{") else {
      _ = try scanner.anyValue()
      throw RowFault(.notMessages(shape.name(of: .messages)), at: place)
    }
    scanner.at += 1
    scanner.skipWhitespace()
    var keys = SeenKeys()
    var speaker: RowValues.Speaker?
    var content: StringSpan?
    var isTool = false
    var otherContent: Int?
    if !scanner.skip(UInt8(ascii: "}")) {
      repeat {
        let name = scanner.text(of: try keys.next(&scanner))
        try scanner.colon()
        let value = try scanner.anyValue()
        if name.utf8.elementsEqual(shape.speakers.role.utf8) {
          speaker = try self.speaker(value, scanner, number: number, isTool: &isTool)
        } else if name.utf8.elementsEqual(shape.speakers.content.utf8) {
          content = value.stringSpan
          if content == nil { otherContent = value.start }
        } else if Self.toolMembers.contains(name), !scanner.isNull(value) {
          isTool = true
        }
      } while try scanner.anotherMember()
    }
    if isTool { throw RowFault(.toolMessage(number), at: place) }
    if let otherContent {
      throw RowFault(.messageNotText(shape.speakers.content, number), at: otherContent)
    }
    guard let speaker else { throw RowFault(.messageWithout(shape.speakers.role, number), at: place) }
    guard let content else { throw RowFault(.messageWithout(shape.speakers.content, number), at: place) }
    return RowValues.Turn(speaker: speaker, content: content)
  }

  private func speaker(
    _ value: RowValues.ScalarOrNested, _ scanner: ByteScanner, number: Int, isTool: inout Bool
  ) throws -> RowValues.Speaker? {
    guard let span = value.stringSpan else {
      throw RowFault(.messageNotText(shape.speakers.role, number), at: value.start)
    }
    let name = scanner.text(of: span)
    if let speaker = Array(name.utf8).withUnsafeBufferPointer({ shape.speaker($0) }) { return speaker }
    guard Self.toolSpeakers.contains(name) else {
      throw RowFault(.unknownSpeaker(name, number), at: value.start)
    }
    isTool = true
    return nil
  }

  /// Members that make a message a tool call (OpenAI's chat format; ShareGPT's variants).
  private static let toolMembers: Set<String> = ["tool_calls", "function_call", "tool_call_id"]
  private static let toolSpeakers: Set<String> = [
    "tool", "function", "function_call", "function_response", "observation",
  ]
}

extension RowValues.ScalarOrNested {
  /// The string between the quotes, when the value is one.
  var stringSpan: StringSpan? {
    guard case .string(let spelling) = kind else { return nil }
    return StringSpan(start: start + 1, end: end - 1, spelling: spelling)
  }
}

extension ByteScanner {
  /// Whether a validated value is `null`.
  func isNull(_ value: RowValues.ScalarOrNested) -> Bool {
    value.isPlain && base[value.start] == UInt8(ascii: "n")
  }
}
