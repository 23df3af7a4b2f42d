import Testing

@testable import Records

@Suite("JSON that is read")
struct JSONAcceptTests {
  /// A text and the canonical text of its value.
  static let texts: [(String, String)] = [
    ("null", "null"), ("true", "true"), ("false", "false"), (" null ", "null"), ("\n\t\r true\r\n", "true"),
    ("0", "0"), ("-0", "0"), ("-0.0", "0"), ("0e5", "0"), ("1", "1"), ("-1", "-1"), ("10", "10"),
    ("1.0", "1"),
    ("1.50", "1.5"), ("1e0", "1"), ("1E2", "100"), ("1e+2", "100"), ("1e-2", "0.01"), ("0.1", "0.1"),
    ("-1.25e-3", "-0.00125"), ("123456789012345", "123456789012345"), ("999999999999999", "999999999999999"),
    ("9007199254740991", "9007199254740991"), ("9007199254740992", "9007199254740992"),
    ("-9007199254740992", "-9007199254740992"), ("9007199254740994", "9007199254740994"),
    ("100000000000000000000", "100000000000000000000"), ("295147905179352830000", "295147905179352830000"),
    ("1e20", "100000000000000000000"), ("1e21", "1e+21"),
    ("1.7976931348623157e308", "1.7976931348623157e+308"),
    ("1.7976931348623158e308", "1.7976931348623157e+308"), ("4.9e-324", "5e-324"), ("1e-400", "0"),
    ("0.000001", "0.000001"), ("0.0000001", "1e-7"), ("123e-20", "1.23e-18"),
    ("0.30000000000000004", "0.30000000000000004"),
    ("9007199254740993.0", "9007199254740992"), ("0.1e1", "1"),
    ("12345678901234567890.0", "12345678901234567000"),
    (#""""#, #""""#), (#""a""#, #""a""#), (#""abcdefg""#, #""abcdefg""#), (#""abcdefgh""#, #""abcdefgh""#),
    (#""abcdefghi""#, #""abcdefghi""#), (#""\"\\\/\b\f\n\r\t""#, #""\"\\/\b\f\n\r\t""#),
    (#""\u0041\u00e9\u6F22""#, #""Aé漢""#), (#""\ud83d\ude00""#, #""😀""#),
    (#""\uDBFF\uDFFF""#, "\"\u{10ffff}\""),
    (#""\u0001\u001f\u007f""#, "\"\\u0001\\u001f\u{7f}\""), (#""\u0022\u005c""#, #""\"\\""#),
    (#""é漢😀""#, #""é漢😀""#), ("\"\u{7f}\"", "\"\u{7f}\""), ("\"\u{feff}\"", "\"\u{feff}\""),
    ("\"\u{2028}\u{2029}\"", "\"\u{2028}\u{2029}\""), ("\"e\u{301}\"", "\"e\u{301}\""),
    ("\"\u{fffd}\u{ffff}\"", "\"\u{fffd}\u{ffff}\""),
    (#""//""#, #""//""#), (#""\\u0041""#, #""\\u0041""#), (#""\\\\""#, #""\\\\""#),
    (#""[{}],:""#, #""[{}],:""#),
    ("[]", "[]"), ("[ ]", "[]"), ("[\n]", "[]"), ("[1]", "[1]"), ("[1,2]", "[1,2]"), ("[ 1 , 2 ]", "[1,2]"),
    ("[[],[[]],{}]", "[[],[[]],{}]"), ("[null,true,false,0,\"\"]", "[null,true,false,0,\"\"]"),
    ("{}", "{}"), ("{ }", "{}"), (#"{"a":1}"#, #"{"a":1}"#), (#"{ "a" : 1 , "b" : 2 }"#, #"{"a":1,"b":2}"#),
    (#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#), (#"{"":0}"#, #"{"":0}"#),
    (#"{"a":{"b":{"c":[]}}}"#, #"{"a":{"b":{"c":[]}}}"#),
    (#"{"a":1,"A":2}"#, #"{"A":2,"a":1}"#), (#"{"aa":1,"a":2,"ab":3}"#, #"{"a":2,"aa":1,"ab":3}"#),
    (#"{"\u0062":1,"a":2}"#, #"{"a":2,"b":1}"#), (#"{"10":1,"9":2}"#, #"{"10":1,"9":2}"#),
    ("{\"é\":1,\"e\u{301}\":2}", "{\"e\u{301}\":2,\"é\":1}"),
    ("{\"\u{e000}\":1,\"😀\":2}", "{\"😀\":2,\"\u{e000}\":1}"),
    (#"{"k":[1,{"k":1}],"l":{"k":2}}"#, #"{"k":[1,{"k":1}],"l":{"k":2}}"#),
  ]

  @Test("values and their canonical text", arguments: texts)
  func value(text: String, canonical: String) throws {
    let value = try JSON.parse(Array(text.utf8))
    let bytes = CanonicalJSON.encode(value)
    #expect(String(decoding: bytes, as: UTF8.self).utf8.elementsEqual(canonical.utf8))
    // Canonical text is its own canonical form.
    #expect(CanonicalJSON.encode(try JSON.parse(bytes)) == bytes)
    // White space around changes nothing.
    #expect(try JSON.parse(Array("\r\n \(text)\t ".utf8)) == value)
  }

  @Test("every printable ASCII character stands for itself")
  func printable() throws {
    for byte in UInt8(0x20)...0x7F where byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\") {
      let text = [UInt8(ascii: "\""), byte, UInt8(ascii: "\"")]
      #expect(try JSON.parse(text) == .string(String(decoding: [byte], as: UTF8.self)))
    }
  }

  @Test("every character comes through raw and escaped")
  func characters() throws {
    for value in stride(from: UInt32(1), through: 0x10FFFF, by: 97) {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let text = String(Character(scalar))
      let escape = text.utf16.map { unit in
        let hex = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      }.joined()
      #expect(try JSON.parse(Array("\"\(escape)\"".utf8)) == .string(text))
      #expect(try JSON.parse(CanonicalJSON.encode(.string(text))) == .string(text))
    }
  }

  @Test("composed and decomposed strings differ")
  func normalisation() {
    #expect(JSONValue.string("é") != JSONValue.string("e\u{301}"))
    #expect(JSONValue.object([JSONMember("é", .null)])["e\u{301}"] == nil)
    #expect(JSONValue.object([JSONMember("é", .bool(true))])["é"] == .bool(true))
  }

  @Test("a hundred thousand keys take no quadratic time")
  func manyKeys() throws {
    let text = "{" + (0..<100_000).map { "\"\($0)\":\($0)" }.joined(separator: ",") + "}"
    #expect(try JSON.parse(Array(text.utf8)).object?.count == 100_000)
  }
}
