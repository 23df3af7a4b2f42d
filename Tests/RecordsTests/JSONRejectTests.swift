import Testing

@testable import Records

/// A text that must be refused; `‸` marks the byte where the fault is reported.
struct Refusal: Sendable, CustomTestStringConvertible {
  let marked: [UInt8]
  let reason: JSONFailure.Reason

  init(_ marked: String, _ reason: JSONFailure.Reason) { self.init(Array(marked.utf8), reason) }

  init(_ marked: [UInt8], _ reason: JSONFailure.Reason) {
    self.marked = marked
    self.reason = reason
  }

  static let mark = Array("‸".utf8)

  /// The text without its mark, and the failure it must give.
  var parts: (text: [UInt8], failure: JSONFailure)? {
    guard let byte = marked.indices.first(where: { marked[$0...].starts(with: Self.mark) }) else {
      return nil
    }
    let before = marked[..<byte]
    let line = before.count { $0 == 0x0A } + 1
    let column = byte - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
    let text = before + marked[(byte + Self.mark.count)...]
    return (Array(text), JSONFailure(reason: reason, line: line, column: column, byte: byte))
  }

  var testDescription: String { String(decoding: marked, as: UTF8.self) }
}

@Suite("JSON that is refused, with its place")
struct JSONRejectTests {
  static let inArray = JSONFailure.Reason.unexpectedEnd(inside: "an array")
  static let inObject = JSONFailure.Reason.unexpectedEnd(inside: "an object")
  static let inString = JSONFailure.Reason.unexpectedEnd(inside: "a string")
  static let inNumber = JSONFailure.Reason.unexpectedEnd(inside: "a number")
  static let inLiteral = JSONFailure.Reason.unexpectedEnd(inside: "a literal")
  static let inValue = JSONFailure.Reason.unexpectedEnd(inside: "a value")

  static let structure: [Refusal] = [
    Refusal("‸", .emptyText), Refusal(" \n\t\r ‸", .emptyText),
    Refusal("[‸", inValue), Refusal("[1‸", inArray), Refusal("[1,‸", inValue), Refusal("[1,\n ‸", inValue),
    Refusal("[1 ‸2]", .expectedCommaOrBracket), Refusal("[1‸}", .expectedCommaOrBracket),
    Refusal("[1,‸]", .expectedValue), Refusal("[‸,1]", .expectedValue), Refusal("[1,‸,2]", .expectedValue),
    Refusal("[‸}", .expectedValue), Refusal("‸]", .expectedValue), Refusal("‸}", .expectedValue),
    Refusal("‸,", .expectedValue), Refusal("‸:", .expectedValue), Refusal("[\n1,\n‸]", .expectedValue),
    Refusal("[1]‸]", .trailingBytes), Refusal("[1] ‸x", .trailingBytes), Refusal("1 ‸2", .trailingBytes),
    Refusal("{}‸}", .trailingBytes), Refusal("null\n‸null", .trailingBytes),
    Refusal("\"a\"‸\"b\"", .trailingBytes),
    Refusal("{}‸,", .trailingBytes), Refusal("[]\n\n  ‸#", .trailingBytes),
    Refusal("true‸false", .trailingBytes),
    Refusal("{‸", inObject), Refusal("{ ‸", inObject), Refusal("{\"a\"‸", inObject),
    Refusal("{\"a\" ‸", inObject),
    Refusal("{\"a\":‸", inValue), Refusal("{\"a\":1‸", inObject), Refusal("{\"a\":1,‸", inObject),
    Refusal("{\"a\":1 ‸", inObject), Refusal("{‸a:1}", .expectedKey), Refusal("{‸'a':1}", .expectedKey),
    Refusal("{‸1:1}", .expectedKey), Refusal("{‸,}", .expectedKey), Refusal("{‸:1}", .expectedKey),
    Refusal("{‸]", .expectedKey), Refusal("{‸null:1}", .expectedKey), Refusal("{\"a\":1,‸}", .expectedKey),
    Refusal("{\"a\":1,‸,\"b\":2}", .expectedKey), Refusal("{\"a\":1,\n‸b:2}", .expectedKey),
    Refusal("{\"a\"‸}", .expectedColon), Refusal("{\"a\"‸,\"b\"}", .expectedColon),
    Refusal("{\"a\" ‸1}", .expectedColon), Refusal("{\"a\"‸=1}", .expectedColon),
    Refusal("{\"a\"‸]", .expectedColon), Refusal("{\"a\"\n‸\"b\":1}", .expectedColon),
    Refusal("{\"a\":‸}", .expectedValue), Refusal("{\"a\":‸,\"b\":1}", .expectedValue),
    Refusal("{\"a\":‸:1}", .expectedValue), Refusal("{\"a\":1‸]", .expectedCommaOrBrace),
    Refusal("{\"a\":1 ‸\"b\":2}", .expectedCommaOrBrace), Refusal("{\"a\":1‸;}", .expectedCommaOrBrace),
    Refusal("{\"a\":\"b\"‸:1}", .expectedCommaOrBrace), Refusal("{\"a\":1\n‸:2}", .expectedCommaOrBrace),
    Refusal("[‸//x\n1]", .expectedValue), Refusal("[1‸/**/]", .expectedCommaOrBracket),
    Refusal("‸'a'", .expectedValue), Refusal("‸`a`", .expectedValue), Refusal("‸(1)", .expectedValue),
    Refusal("‸<a>", .expectedValue), Refusal("‸undefined", .expectedValue),
    Refusal("‸\u{c}1", .expectedValue),
    Refusal("[1,‸\u{b}2]", .expectedValue), Refusal("[1‸\u{a0}]", .expectedCommaOrBracket),
    Refusal("‸\u{a0}1", .expectedValue), Refusal("‸\u{2028}1", .expectedValue),
    Refusal("1‸\u{2003}", .trailingBytes),
    Refusal("‸\u{0}", .expectedValue), Refusal("[1‸\u{0}]", .expectedCommaOrBracket),
    Refusal("1‸\u{0}", .trailingBytes),
    Refusal("‸\u{feff}1", .byteOrderMark), Refusal("[‸\u{feff}1]", .byteOrderMark),
    Refusal("1‸\u{feff}", .byteOrderMark), Refusal("{‸\u{feff}\"a\":1}", .byteOrderMark),
    Refusal("{\"a\":‸\u{feff}1}", .byteOrderMark), Refusal("\n‸\u{feff}1", .byteOrderMark),
    Refusal("[[[1],[2]],[‸}]", .expectedValue), Refusal("[{\"a\":[1,{\"b\":‸]}]", .expectedValue),
    Refusal("[\"漢字\",‸]", .expectedValue),
    Refusal("{\"é\":1,‸}", .expectedKey), Refusal("[\"\\n\",\n\"a\"‸\"b\"]", .expectedCommaOrBracket),
    Refusal("‸*", .expectedValue), Refusal("‸+1", .expectedValue), Refusal("‸.5", .expectedValue),
  ]

  static let literals: [Refusal] = [
    Refusal("‸tru ", .invalidLiteral), Refusal("tru‸", inLiteral), Refusal("‸trve", .invalidLiteral),
    Refusal("‸tRUE", .invalidLiteral), Refusal("‸True", .expectedValue), Refusal("‸TRUE", .expectedValue),
    Refusal("t‸", inLiteral), Refusal("fals‸", inLiteral), Refusal("‸falsy", .invalidLiteral),
    Refusal("‸False", .expectedValue), Refusal("nul‸", inLiteral), Refusal("‸nil", .invalidLiteral),
    Refusal("‸None", .expectedValue), Refusal("‸nan", .invalidLiteral), Refusal("‸NaN", .expectedValue),
    Refusal("‸Infinity", .expectedValue), Refusal("‸inf", .expectedValue),
    Refusal("[null‸l]", .expectedCommaOrBracket),
    Refusal("true‸e", .trailingBytes), Refusal("null‸1", .trailingBytes),
    Refusal("[true‸1]", .expectedCommaOrBracket), Refusal("{\"a\":false‸0}", .expectedCommaOrBrace),
    Refusal("[‸yes]", .expectedValue), Refusal("‸n,ll", .invalidLiteral), Refusal("‸t\nrue", .invalidLiteral),
  ]

  static let numbers: [Refusal] = [
    Refusal("-‸", inNumber), Refusal("-‸a", .invalidNumber), Refusal("-‸-1", .invalidNumber),
    Refusal("[-‸]", .invalidNumber), Refusal("-‸.5", .invalidNumber), Refusal("-‸+1", .invalidNumber),
    Refusal("0‸0", .invalidNumber), Refusal("0‸1", .invalidNumber), Refusal("-0‸1", .invalidNumber),
    Refusal("[0‸9.5]", .invalidNumber), Refusal("1.‸", inNumber), Refusal("[1.‸]", .invalidNumber),
    Refusal("1.‸e5", .invalidNumber), Refusal("1.‸.5", .invalidNumber), Refusal("1e‸", inNumber),
    Refusal("1e+‸", inNumber), Refusal("1E-‸", inNumber), Refusal("1e‸e5", .invalidNumber),
    Refusal("1e‸.5", .invalidNumber), Refusal("1e+‸-5", .invalidNumber), Refusal("[1e‸]", .invalidNumber),
    Refusal("[1e5‸.5]", .expectedCommaOrBracket), Refusal("[1.5‸.5]", .expectedCommaOrBracket),
    Refusal("0‸x10", .trailingBytes), Refusal("1‸_000", .trailingBytes), Refusal("1‸,000", .trailingBytes),
    Refusal("1‸L", .trailingBytes), Refusal("-‸Infinity", .invalidNumber), Refusal("-‸NaN", .invalidNumber),
    Refusal("‸1e309", .numberOverflow), Refusal("‸-1e309", .numberOverflow),
    Refusal("[1,‸1e999999]", .numberOverflow),
    Refusal("‸1.7976931348623159e308", .numberOverflow), Refusal("{\"a\":‸123e400}", .numberOverflow),
    Refusal("‸9007199254740993", .inexactInteger), Refusal("‸-9007199254740993", .inexactInteger),
    Refusal("‸9223372036854775807", .inexactInteger), Refusal("‸18446744073709551615", .inexactInteger),
    Refusal("‸9223372036854775808", .inexactInteger), Refusal("[‸12345678901234567890]", .inexactInteger),
    Refusal("‸100000000000000000001", .inexactInteger),
    Refusal("{\"id\":‸123456789012345678}", .inexactInteger),
    Refusal("‸1000000000000000000000", .inexactInteger), Refusal("1‸١", .trailingBytes),
    Refusal("‸١", .expectedValue),
    Refusal("1‸\u{0}", .trailingBytes), Refusal("[1‸a]", .expectedCommaOrBracket),
    Refusal("[‸1" + String(repeating: "0", count: 400) + "]", .numberOverflow),
  ]

  static let strings: [Refusal] = [
    Refusal(#""‸"#, inString), Refusal(#""abc‸"#, inString), Refusal(#""abcdefgh‸"#, inString),
    Refusal(#""abcdefghijklmnopq‸"#, inString), Refusal(#"["a‸"#, inString), Refusal(#"{"a‸"#, inString),
    Refusal(#"{"a":"b‸"#, inString), Refusal(#""\‸"#, inString), Refusal(#""a\‸"#, inString),
    Refusal(#""\"‸"#, inString), Refusal(#""\u‸"#, inString), Refusal(#""\u0‸"#, inString),
    Refusal(#""\u00‸"#, inString), Refusal(#""\u004‸"#, inString), Refusal(#""\u0041‸"#, inString),
    Refusal(#""\ud800‸"#, inString), Refusal(#""\ud800\‸"#, inString), Refusal(#""\ud800\u‸"#, inString),
    Refusal(#""\ud800\udc0‸"#, inString),
    Refusal(#""‸\a""#, .invalidEscape), Refusal(#""‸\x41""#, .invalidEscape),
    Refusal(#""‸\'""#, .invalidEscape),
    Refusal(#""‸\0""#, .invalidEscape), Refusal(#""‸\U0041""#, .invalidEscape),
    Refusal(#""‸\N""#, .invalidEscape),
    Refusal(#""ab‸\ c""#, .invalidEscape), Refusal(#""‸\é""#, .invalidEscape),
    Refusal("\"‸\\\n\"", .invalidEscape),
    Refusal(#"["a","‸\v"]"#, .invalidEscape), Refusal(#"{"‸\e":1}"#, .invalidEscape),
    Refusal(#""‸\u""#, .invalidUnicodeEscape), Refusal(#""‸\u12""#, .invalidUnicodeEscape),
    Refusal(#""‸\u123""#, .invalidUnicodeEscape), Refusal(#""‸\u12g4""#, .invalidUnicodeEscape),
    Refusal(#""‸\u+123""#, .invalidUnicodeEscape), Refusal(#""‸\u 123""#, .invalidUnicodeEscape),
    Refusal(#""‸\u{41}""#, .invalidUnicodeEscape), Refusal(#""‸\u١٢٣٤""#, .invalidUnicodeEscape),
    Refusal(#""‸\ud800""#, .loneSurrogate), Refusal(#""‸\udc00""#, .loneSurrogate),
    Refusal(#""‸\uDFFF""#, .loneSurrogate), Refusal(#""‸\udbffx""#, .loneSurrogate),
    Refusal(#""‸\ud800\n""#, .loneSurrogate), Refusal(#""‸\ud800\u0041""#, .loneSurrogate),
    Refusal(#""‸\ud800\ud800""#, .loneSurrogate), Refusal(#""‸\udc00\ud800""#, .loneSurrogate),
    Refusal(#""\ud83d\ude00‸\ud83d""#, .loneSurrogate), Refusal(#""a\ud83d\ude00‸\ude00""#, .loneSurrogate),
    Refusal(#"{"‸\ud800":1}"#, .loneSurrogate),
    Refusal(#""‸\u0000""#, .nulCharacter), Refusal(#""a‸\u0000b""#, .nulCharacter),
    Refusal("\"a‸\u{0}b\"", .nulCharacter),
    Refusal(#"{"‸\u0000":1}"#, .nulCharacter),
    Refusal("[\"é\",\"\n\"]".replacingControl(), .controlCharacter(0x0A)),
  ]

  static let keys: [Refusal] = [
    Refusal(#"{"a":1,‸"a":2}"#, .duplicateKey("a")), Refusal(#"{"a":1,"b":2,‸"a":1}"#, .duplicateKey("a")),
    Refusal(#"{"":1,‸"":1}"#, .duplicateKey("")), Refusal(#"{"a":1,‸"\u0061":2}"#, .duplicateKey("a")),
    Refusal(#"{"\n":1,‸"\u000a":2}"#, .duplicateKey("\n")),
    Refusal(#"[{"a":1},{"b":1,‸"b":1}]"#, .duplicateKey("b")),
    Refusal(#"{"a":{"x":1,‸"x":2}}"#, .duplicateKey("x")),
    Refusal(#"{"é":1,‸"\u00E9":2}"#, .duplicateKey("é")),
    Refusal("{\"a\":1,\n  ‸\"a\":2}", .duplicateKey("a")),
    Refusal(#"{"😀":1,‸"\ud83d\ude00":2}"#, .duplicateKey("😀")),
    Refusal("{" + (0..<40).map { "\"k\($0)\":\($0)," }.joined() + "‸\"k3\":0}", .duplicateKey("k3")),
    Refusal("{" + (0..<16).map { "\"k\($0)\":\($0)," }.joined() + "‸\"k15\":0}", .duplicateKey("k15")),
    Refusal("{" + (0..<17).map { "\"k\($0)\":\($0)," }.joined() + "‸\"k0\":0}", .duplicateKey("k0")),
  ]

  /// Every control character, raw in a string at several distances from its start.
  static let controls: [Refusal] = (UInt8(1)..<0x20).map { byte in
    let head = Array("[1,\n\"".utf8) + Array(repeating: UInt8(ascii: "x"), count: Int(byte) % 19)
    return Refusal(head + Refusal.mark + [byte] + Array("\"]".utf8), .controlCharacter(byte))
  }

  /// Byte sequences that are not UTF-8 (Unicode standard, table 3-7 and its neighbours), `‸` before the first
  /// byte of the ill-formed sequence.
  static let illFormed: [Refusal] = [
    [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x41], [0xC2, 0xC2], [0xDF, 0xC0],
    [0xE0, 0x80, 0x80],
    [0xE0, 0x9F, 0xBF], [0xE0, 0xA0], [0xE1, 0x80], [0xE1, 0x80, 0x41], [0xE1, 0x41, 0x80],
    [0xE1, 0xC0, 0x80],
    [0xED, 0xA0, 0x80], [0xED, 0xAF, 0xBF], [0xED, 0xB0, 0x80], [0xED, 0xBF, 0xBF], [0xEF, 0xBF],
    [0xF0, 0x80, 0x80, 0x80],
    [0xF0, 0x8F, 0xBF, 0xBF], [0xF0, 0x90, 0x80], [0xF0, 0x90, 0x80, 0x41], [0xF1, 0x80],
    [0xF4, 0x90, 0x80, 0x80],
    [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFC], [0xFE], [0xFF], [0xFF, 0xFE],
  ].map { Refusal(Array("[\"é漢😀".utf8) + Refusal.mark + $0 + Array("\"]".utf8), .invalidUTF8) }

  @Test(
    "refused with exactly this reason and place",
    arguments: structure + literals + numbers + strings + keys + controls + illFormed)
  func refusal(_ refusal: Refusal) throws {
    let (text, failure) = try #require(refusal.parts)
    #expect(throws: failure) { try JSON.parse(text) }
    // The place does not depend on what stands before on other lines.
    let moved = Array(repeating: UInt8(ascii: "\n"), count: 3) + text
    let later = JSONFailure(
      reason: failure.reason, line: failure.line + 3, column: failure.column, byte: failure.byte + 3)
    #expect(throws: later) { try JSON.parse(moved) }
  }

  @Test("over its limits")
  func limits() {
    let limits = JSONLimits(depth: 3, keys: 2, stringBytes: 4, textBytes: 40)
    func expect(_ refusal: Refusal) {
      guard let (text, failure) = refusal.parts else { return }
      #expect(throws: failure) { try JSON.parse(text, limits: limits) }
    }
    expect(Refusal("[[[‸[]]]]", .tooDeep(limit: 3)))
    expect(Refusal("{\"a\":[[‸{}]]}", .tooDeep(limit: 3)))
    expect(Refusal("{\"a\":1,\"b\":2,‸\"c\":3}", .tooManyKeys(limit: 2)))
    expect(Refusal("[‸\"abcde\"]", .stringTooLong(limit: 4)))
    expect(Refusal("{‸\"abcde\":1}", .stringTooLong(limit: 4)))
    expect(Refusal(String(repeating: " ", count: 40) + "‸1", .textTooLong(limit: 40)))
    #expect(throws: Never.self) {
      try JSON.parse(Array("[[[1]],{\"a\":1,\"b\":\"abcd\"}]".utf8), limits: limits)
    }
  }

  @Test("64 levels and no more")
  func depth() throws {
    func nested(_ levels: Int) -> [UInt8] {
      Array(repeating: UInt8(ascii: "["), count: levels) + Array(repeating: UInt8(ascii: "]"), count: levels)
    }
    _ = try JSON.parse(nested(64))
    let failure = JSONFailure(reason: .tooDeep(limit: 64), line: 1, column: 65, byte: 64)
    #expect(throws: failure) { try JSON.parse(nested(65)) }
    #expect(throws: failure) { try JSON.parse(Array(repeating: UInt8(ascii: "["), count: 10_000_000)) }
  }

  @Test("every text cut off anywhere is refused or whole")
  func truncation() throws {
    let text = Array(#"{"a":[1,-2.5e3,"é\u00e9\ud83d\ude00",true,null],"b":{"c":"漢"}}"#.utf8)
    for count in 0..<text.count {
      #expect(throws: JSONFailure.self) { try JSON.parse(Array(text[..<count])) }
    }
    _ = try JSON.parse(text)
  }
}

extension String {
  /// The text with its last line feed marked.
  fileprivate func replacingControl() -> String {
    guard let position = lastIndex(of: "\n") else { return self }
    return self[..<position] + "‸" + self[position...]
  }
}
