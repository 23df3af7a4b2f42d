import Testing

@testable import Records

@Suite("Pairs and their canonical bytes")
struct ModelPairTests {
  static func randomPair(_ random: inout SplitMix64) -> Pair {
    Pair(
      instruction: random.text(), input: random.flip(0.5) ? random.text() : nil,
      output: random.text(upTo: 80),
      system: random.flip(0.2) ? random.text() : nil,
      turns: (0..<(random.flip(0.3) ? 3 : 0)).map { _ in
        Pair.Turn(
          role: Pair.Turn.Role.allCases.randomElement(using: &random) ?? .user, content: random.text())
      })
  }

  /// The same pair through the general JSON writer.
  static func reference(_ pair: Pair) -> [UInt8] {
    var members = [
      JSONMember("v", .integer(1)), JSONMember("kind", .string("pair")),
      JSONMember("output", .string(pair.output)),
      JSONMember("instruction", .string(pair.instruction)),
    ]
    if let input = pair.input { members.append(JSONMember("input", .string(input))) }
    if let system = pair.system { members.append(JSONMember("system", .string(system))) }
    if !pair.turns.isEmpty {
      let turns = pair.turns.map { turn in
        JSONValue.object([
          JSONMember("role", .string(turn.role.rawValue)), JSONMember("content", .string(turn.content)),
        ])
      }
      members.append(JSONMember("turns", .array(turns)))
    }
    return CanonicalJSON.encode(.object(members))
  }

  @Test("canonical bytes are those of the general writer, and read back as the same pair")
  func roundTrip() throws {
    var random = SplitMix64(seed: 1)
    for _ in 0..<200 {
      let pair = Self.randomPair(&random)
      let bytes = pair.canonicalBytes
      #expect(bytes == Self.reference(pair))
      #expect(try Pair(canonical: bytes) == pair)
    }
  }

  @Test("golden bytes: whoever changes these changes every pair's id")
  func golden() {
    let pair = Pair(
      instruction: "What causes \"gout\"?\n", input: "Age: 54", output: "Uric acid\u{1}.",
      system: "Be brief.",
      turns: [.init(role: .user, content: "Hi"), .init(role: .assistant, content: "Hello é😀")])
    #expect(
      String(utf8: pair.canonicalBytes)
        == #"{"input":"Age: 54","instruction":"What causes \"gout\"?\n","kind":"pair","output":"Uric acid\u0001.","#
        + #""system":"Be brief.","turns":[{"content":"Hi","role":"user"},{"content":"Hello é😀","role":"assistant"}],"v":1}"#
    )
    #expect(
      String(utf8: Pair(instruction: "a", input: "", output: "", system: "").canonicalBytes)
        == #"{"instruction":"a","kind":"pair","output":"","v":1}"#)
  }

  @Test(
    "spellings that are not canonical are refused",
    arguments: [
      "", "{}", "null", #"{"instruction":"a","kind":"pair","output":"b","v":1} "#,
      #" {"instruction":"a","kind":"pair","output":"b","v":1}"#,
      #"{"instruction":"a","kind":"pair","output":"b","v":2}"#,
      #"{"instruction":"a","kind":"seed","output":"b","v":1}"#,
      #"{"input":"","instruction":"a","kind":"pair","output":"b","v":1}"#,
      #"{"instruction":"a","kind":"pair","output":"b","system":"","v":1}"#,
      #"{"instruction":"a","kind":"pair","output":"b","turns":[],"v":1}"#,
      #"{"instruction":"a","kind":"pair","output":"b","turns":[{"content":"x","role":"tool"}],"v":1}"#,
      #"{"extra":1,"instruction":"a","kind":"pair","output":"b","v":1}"#,
      #"{"instruction":"a","kind":"pair","output":"b","v":1,"x":1}"#,
      #"{"instruction":1,"kind":"pair","output":"b","v":1}"#,
      #"{"instruction":"\u0041","kind":"pair","output":"b","v":1}"#,
      #"{"instruction":"\u000a","kind":"pair","output":"b","v":1}"#,
      #"{"instruction":"\u001F","kind":"pair","output":"b","v":1}"#,
      #"{"instruction":"\/","kind":"pair","output":"b","v":1}"#,
      #"{"instruction":"\ud800","kind":"pair","output":"b","v":1}"#,
      #"{"instruction":"\u0000","kind":"pair","output":"b","v":1}"#,
      "{\"instruction\":\"a\nb\",\"kind\":\"pair\",\"output\":\"b\",\"v\":1}",
    ])
  func refused(text: String) {
    #expect(throws: ObjectFormatError.self) { try Pair(canonical: Array(text.utf8)) }
  }

  @Test("invalid UTF-8 is refused")
  func invalidUTF8() {
    var bytes = Pair(instruction: "aXb", output: "c").canonicalBytes
    bytes[bytes.firstIndex(of: UInt8(ascii: "X")) ?? 0] = 0xFF
    #expect(throws: ObjectFormatError.self) { try Pair(canonical: bytes) }
  }

  @Test("whatever is accepted after random damage is written again byte for byte")
  func damage() {
    var random = SplitMix64(seed: 2)
    var accepted = 0
    for _ in 0..<200 {
      var bytes = Self.randomPair(&random).canonicalBytes
      let position = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0...2, using: &random) {
      case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: position)
      default: bytes.removeSubrange(position...)
      }
      guard let pair = try? Pair(canonical: bytes) else { continue }
      accepted += 1
      #expect(pair.canonicalBytes == bytes)
    }
    #expect(accepted > 20)
  }

  @Test("strings are compared as bytes")
  func equality() {
    #expect(Pair(instruction: "é", output: "") != Pair(instruction: "e\u{301}", output: ""))
    #expect(Pair(instruction: "a", input: "", output: "") == Pair(instruction: "a", output: ""))
  }
}
