import Testing

@testable import Llama

/// Headers that must be refused with an error: never a trap, never an allocation the file does not justify.
@Suite struct SafetensorsHostileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var header: String
    var data = 16
    var says: String
    var testDescription: String { header.isEmpty ? "empty header" : String(header.prefix(90)) }
  }

  static func tensor(_ dtype: String, _ shape: String, _ offsets: String) -> String {
    #"{"dtype":\#(dtype),"shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  static let good = tensor(#""F32""#, "[2,2]", "[0,16]")

  static let cases: [Case] = [
    Case(header: "", says: "begin with"),
    Case(header: " {}", data: 0, says: "begin with"),
    Case(header: "[]", says: "begin with"),
    Case(header: "null", says: "begin with"),
    Case(header: "{", says: "JSON"),
    Case(header: #"{"a":}"#, says: "JSON"),
    Case(header: #"{"a":\#(good)"#, says: "JSON"),
    Case(header: #"{"a":\#(good)}}"#, says: "JSON"),
    Case(header: #"{"a":\#(good)} x"#, says: "JSON"),
    Case(header: #"{"a":\#(good),}"#, says: "JSON"),
    Case(header: #"{"a":\#(good),"a":\#(good)}"#, says: "JSON"),
    Case(header: #"{"a":\#(good),"\u0061":\#(good)}"#, says: "JSON"),
    Case(header: #"{"a\ud800":\#(good)}"#, says: "JSON"),
    Case(header: "{" + String(repeating: #""a":{"#, count: 200), says: "JSON"),
    Case(header: "{}", says: "16 follow"),
    Case(header: #"{"a":1}"#, says: "not an object"),
    Case(header: #"{"a":[]}"#, says: "not an object"),
    Case(header: #"{"a":null}"#, says: "not an object"),
    Case(header: #"{"a":{}}"#, says: "dtype is missing"),
    Case(header: #"{"a":{"shape":[2,2],"data_offsets":[0,16]}}"#, says: "dtype is missing"),
    Case(header: #"{"a":{"dtype":"F32","data_offsets":[0,16]}}"#, says: "shape is missing"),
    Case(header: #"{"a":{"dtype":"F32","shape":[2,2]}}"#, says: "data_offsets"),
    Case(header: #"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16],"x":1}}"#, says: "unknown field"),
    Case(header: #"{"a":{"dtype":"F32","dtype":"F32","shape":[4],"data_offsets":[0,16]}}"#, says: "JSON"),
    Case(header: #"{"a":\#(tensor("4", "[2,2]", "[0,16]"))}"#, says: "dtype is not"),
    Case(header: #"{"a":\#(tensor(#""F33""#, "[2,2]", "[0,16]"))}"#, says: "F33"),
    Case(header: #"{"a":\#(tensor(#""f32""#, "[2,2]", "[0,16]"))}"#, says: "f32"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "4", "[0,16]"))}"#, says: "shape is not"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[-2,-2]", "[0,16]"))}"#, says: "shape is not"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[2.5,2]", "[0,16]"))}"#, says: "shape is not"),
    Case(header: #"{"a":\#(tensor(#""F32""#, #"["2",2]"#, "[0,16]"))}"#, says: "shape is not"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[null]", "[0,16]"))}"#, says: "shape is not"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[1e300]", "[0,16]"))}"#, says: "shape is not"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[9007199254740993]", "[0,16]"))}"#, says: "JSON"),
    Case(
      header: #"{"a":\#(tensor(#""F32""#, "[18446744073709551616]", "[0,16]"))}"#,
      says: "more digits than a 64-bit float keeps"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[4294967296,4294967296]", "[0,16]"))}"#, says: "larger than"),
    Case(header: #"{"a":\#(tensor(#""F64""#, "[9007199254740992,1024]", "[0,16]"))}"#, says: "larger than"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[3]", "[0,16]"))}"#, says: "needs 12"),
    Case(header: #"{"a":\#(tensor(#""F16""#, "[2,2]", "[0,16]"))}"#, says: "needs 8"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[]", "[0,16]"))}"#, says: "needs 4"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[0]", "[0,16]"))}"#, says: "needs 0"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[2,2]", "[16,0]"))}"#, says: "before it begins"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[2,2]", "[0]"))}"#, says: "begin and an end"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[2,2]", "[0,16,32]"))}"#, says: "begin and an end"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[2,2]", "[-16,0]"))}"#, says: "data_offsets is not"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[2,2]", "[0.5,16.5]"))}"#, says: "data_offsets is not"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[2,2]", #"{"0":0}"#))}"#, says: "data_offsets is not"),
    Case(header: #"{"a":\#(tensor(#""F32""#, "[2,2]", "[4,20]"))}"#, data: 20, says: "hole"),
    Case(header: #"{"a":\#(good)}"#, data: 15, says: "cut or damaged"),
    Case(header: #"{"a":\#(good)}"#, data: 17, says: "cut or damaged"),
    Case(header: #"{"a":\#(good),"b":\#(good)}"#, data: 32, says: "overlaps"),
    Case(header: #"{"a":\#(good),"b":\#(tensor(#""F32""#, "[1]", "[12,16]"))}"#, says: "overlaps"),
    Case(header: #"{"a":\#(good),"b":\#(tensor(#""F32""#, "[1]", "[20,24]"))}"#, data: 24, says: "hole"),
    Case(header: #"{"__metadata__":[],"a":\#(good)}"#, says: "__metadata__"),
    Case(header: #"{"__metadata__":{"n":1},"a":\#(good)}"#, says: "__metadata__"),
    Case(
      header: #"{"a":\#(tensor(#""F32""#, "[4503599627370496]", "[0,18014398509481984]"))}"#,
      says: "data_offsets"),
    Case(
      header: #"{"a":\#(tensor(#""U8""#, "[4503599627370496]", "[0,4503599627370496]"))}"#,
      says: "cut or damaged"),
  ]

  @Test(arguments: cases) func refused(_ damaged: Case) throws {
    let folder = try TemporaryFolder()
    let header = Array(damaged.header.utf8)
    let path = try folder.write(
      "x.safetensors", word(header.count) + header + [UInt8](repeating: 0, count: damaged.data))
    let failure = #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
    #expect(failure?.description.contains(damaged.says) == true, "\(failure?.description ?? "accepted")")
  }

  /// A length that lies about the header; the file itself is tiny.
  @Test(arguments: [
    (UInt64(3), 2), (100_000_001, 16), (100_000_000, 16), (1 << 32, 16), (1 << 63, 16), (.max, 16),
    (.max - 7, 16),
  ])
  func lyingLength(_ length: UInt64, _ rest: Int) throws {
    let folder = try TemporaryFolder()
    let bytes = withUnsafeBytes(of: length.littleEndian) { Array($0) } + [UInt8](repeating: 0x7B, count: rest)
    let path = try folder.write("x.safetensors", bytes)
    #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
  }

  @Test(arguments: 0...7) func tooShort(_ count: Int) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("x.safetensors", [UInt8](repeating: 0, count: count))
    #expect(throws: SafetensorsError.self) { try SafetensorsFile(path: path) }
  }

  @Test func notAFile() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileFailure.self) { try SafetensorsFile(path: folder.path) }
    #expect(throws: FileFailure.self) { try SafetensorsFile(path: folder("none")) }
    #expect(throws: FileFailure.self) { try SafetensorsFile(path: "/dev/zero") }
  }

  /// Every cut and every single changed byte of a good file is read or refused, and never traps.
  @Test func cutsAndFlips() throws {
    let folder = try TemporaryFolder()
    let header = Array(
      #"{"__metadata__":{"f":"p"},"a":\#(Self.good),"b":\#(Self.tensor(#""BF16""#, "[3]", "[16,22]"))}"#.utf8)
    let whole = word(header.count) + header + (0..<22).map { UInt8($0) }
    func opens(_ bytes: [UInt8]) throws -> Bool {
      let path = try folder.write("x.safetensors", bytes)
      do {
        let file = try SafetensorsFile(path: path)
        for tensor in file.header.tensors { _ = try? file.floats(tensor.name) }
        return true
      } catch is SafetensorsError {
        return false
      }
    }
    #expect(try opens(whole))
    for count in whole.indices { #expect(try !opens(Array(whole[..<count])), "cut to \(count)") }
    for place in 0..<(8 + header.count) {
      for bit in [1, 8, 64] as [UInt8] {
        var flipped = whole
        flipped[place] ^= bit
        _ = try opens(flipped)
      }
    }
  }

  private func word(_ count: Int) -> [UInt8] { withUnsafeBytes(of: UInt64(count).littleEndian) { Array($0) } }
}
