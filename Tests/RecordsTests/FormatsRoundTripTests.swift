import Testing

@testable import Records

/// A writer that shares no code with the one under test: values to text under a style drawn at random.
struct ReferenceWriter {
  var itemSeparator = ", "
  var keySeparator = ": "
  var indent: Int?
  var ascii = false
  var slash = false
  var baseIndent = 0

  func text(_ value: JSONValue, depth: Int = 0) -> String {
    switch value {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .number(let number): return number == number.rounded() ? String(Int(number)) : "\(number)"
    case .string(let text): return quoted(text)
    case .array(let elements):
      return joined(elements.map { self.text($0, depth: depth + 1) }, "[", "]", depth)
    case .object(let members):
      let parts = members.map { quoted($0.name) + keySeparator + text($0.value, depth: depth + 1) }
      return joined(parts, "{", "}", depth)
    }
  }

  private func joined(_ parts: [String], _ open: String, _ close: String, _ depth: Int) -> String {
    guard let indent, !parts.isEmpty else { return open + parts.joined(separator: itemSeparator) + close }
    let outer = "\n" + String(repeating: " ", count: baseIndent + indent * depth)
    let inner = outer + String(repeating: " ", count: indent)
    return open + inner + parts.joined(separator: "," + inner) + outer + close
  }

  private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case "\u{8}": result += "\\b"
      case "\u{c}": result += "\\f"
      case "/" where slash: result += "\\/"
      case _ where scalar.value < 0x20: result += unit(scalar.value)
      case _ where scalar.value > 0xFFFF && ascii:
        result += unit(0xD800 + (scalar.value - 0x10000) / 0x400)
        result += unit(0xDC00 + (scalar.value - 0x10000) % 0x400)
      case _ where scalar.value > 0x7F && ascii: result += unit(scalar.value)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  private func unit(_ value: UInt32) -> String {
    let hex = String(value, radix: 16)
    return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
  }
}

/// Draws texts and rows.
struct RowSource {
  var random: SplitMix64

  mutating func text(_ longest: Int = 30) -> String {
    var text = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 1...longest, using: &random) {
      text.append(Self.alphabet[Int(truncatingIfNeeded: random.next() >> 33) % Self.alphabet.count])
    }
    return String(text)
  }

  private static let alphabet = Array(
    "abc XYZ 123 .,<>&/\"\\\n\t\r\u{8}\u{c}\u{1}\u{1f}\u{7f}éß漢字😀\u{2028}\u{e000}\u{301}".unicodeScalars)

  mutating func value(_ depth: Int = 0) -> JSONValue {
    switch Int.random(in: 0..<(depth < 3 ? 7 : 5), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .number(Double(Int.random(in: -1000...1000, using: &random)))
    case 3: return .number(0.5)
    case 4: return .string(text())
    case 5: return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(depth + 1) })
    default:
      return .object(
        (0..<Int.random(in: 0...3, using: &random)).map { JSONMember("k\($0)", value(depth + 1)) })
    }
  }

  mutating func maybe(_ member: JSONMember, _ odds: Double = 0.5) -> [JSONMember] {
    Double.random(in: 0..<1, using: &random) < odds ? [member] : []
  }
}

@Suite("Import and export give a file back byte for byte")
struct FormatsRoundTripTests {
  private func flatRow(_ source: inout RowSource, _ names: [String], _ extra: [String]) -> JSONValue {
    var members: [JSONMember] = []
    members += source.maybe(JSONMember("id", .string(source.text(8))), 0.8)
    members.append(JSONMember(names[0], .string(source.text())))
    if names.count > 2 {
      let inputs = ["", "", source.text(), "<noinput>", "N/A", "None", "NA", "na", "none of these"]
      members += source.maybe(
        JSONMember(names[1], .string(inputs.randomElement(using: &source.random) ?? "")), 0.9)
    }
    members.append(JSONMember(names[names.count - 1], .string(source.text(200))))
    for name in extra { members += source.maybe(JSONMember(name, source.value()), 0.7) }
    if Int.random(in: 0..<20, using: &source.random) == 0 { members.shuffle(using: &source.random) }
    return .object(members)
  }

  private func conversation(_ source: inout RowSource, _ isShareGPT: Bool) -> JSONValue {
    let (role, content) = isShareGPT ? ("from", "value") : ("role", "content")
    func message(_ who: String, _ source: inout RowSource) -> JSONValue {
      var members = [JSONMember(role, .string(who)), JSONMember(content, .string(source.text(80)))]
      if Int.random(in: 0..<30, using: &source.random) == 0 { members.reverse() }
      members += source.maybe(JSONMember("weight", .number(1)), 0.02)
      return .object(members)
    }
    var list: [JSONValue] = []
    if Bool.random(using: &source.random) { list.append(message("system", &source)) }
    for _ in 0...Int.random(in: 0...3, using: &source.random) {
      list.append(message(isShareGPT ? "human" : "user", &source))
      list.append(message(isShareGPT ? "gpt" : "assistant", &source))
    }
    let name = isShareGPT ? "conversations" : "messages"
    return .object(
      source.maybe(JSONMember("id", .string(source.text(8)))) + [JSONMember(name, .array(list))]
        + source.maybe(JSONMember("meta", source.value())))
  }

  @Test("random rows in random layouts", arguments: 0..<60)
  func randomFile(seed: Int) throws {
    var source = RowSource(random: SplitMix64(seed: UInt64(seed)))
    var writer = ReferenceWriter()
    let isArray = seed % 2 == 0
    let style = Int.random(in: 0..<3, using: &source.random)
    if style == 0 { (writer.itemSeparator, writer.keySeparator) = (",", ":") }
    if style == 1, isArray { writer.indent = [1, 2, 4].randomElement(using: &source.random) }
    writer.ascii = Bool.random(using: &source.random)
    writer.slash = Int.random(in: 0..<4, using: &source.random) == 0
    writer.baseIndent = writer.indent ?? 0
    let count = seed % 10 == 0 ? 513 : [1, 2, 30, 60].randomElement(using: &source.random) ?? 1
    let kind = Int.random(in: 0..<4, using: &source.random)
    let extra = Array(["zeta", "alpha", "é\"y"].prefix(Int.random(in: 0...3, using: &source.random)))
    let rows = (0..<count).map { _ -> String in
      let row =
        switch kind {
        case 0: flatRow(&source, ["instruction", "input", "output"], extra)
        case 1: flatRow(&source, ["prompt", "completion"], extra)
        case 2: conversation(&source, false)
        default: conversation(&source, true)
        }
      return writer.text(row)
    }
    let newline = ["\n", "\r\n"].randomElement(using: &source.random) ?? "\n"
    var file = ""
    if isArray {
      let space =
        writer.indent.map { "\n" + String(repeating: " ", count: $0) } ?? ["", " ", "\n"].randomElement(
          using: &source.random) ?? ""
      file = "[" + space + rows.joined(separator: "," + space) + (writer.indent == nil ? "" : "\n") + "]"
    } else {
      file = rows.joined(separator: newline)
      // Now and then blank lines and white space around rows.
      if Bool.random(using: &source.random) {
        file = rows.map { row in
          Int.random(in: 0..<25, using: &source.random) == 0 ? " \n\t" + row + "  " : row
        }.joined(separator: newline)
      }
    }
    file += Bool.random(using: &source.random) ? newline : ""
    if Int.random(in: 0..<5, using: &source.random) == 0 { file = "\u{feff}" + file }
    let transfer = try Transfer(Array(file.utf8), step: seed % 3 == 0 ? 100 : .max)
    #expect(transfer.rejects.isEmpty)
    #expect(transfer.pairs.count == count)
    let exported = try transfer.exported()
    #expect(exported.utf8.elementsEqual(file.utf8))
    // Pairs are the canonical bytes the model writes.
    for bytes in transfer.pairs { #expect(try Pair(canonical: bytes).canonicalBytes == bytes) }
    // A layout is worth its name only when it reproduces most rows.
    if count >= 30 { #expect(transfer.verbatimCount < count / 2) }
  }
}
