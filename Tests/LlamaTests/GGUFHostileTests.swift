import Testing

@testable import Llama

/// Files that must be refused by name and offset: never a trap, never an allocation that the file does not justify.
@Suite struct GGUFHostileTests {
  typealias B = GGUFBytes

  struct Case: Sendable, CustomTestStringConvertible {
    var says: String
    var change: @Sendable (inout GGUFBytes) -> Void
    var testDescription: String { says }

    init(_ says: String, _ change: @escaping @Sendable (inout GGUFBytes) -> Void) {
      self.says = says
      self.change = change
    }
  }

  static let cases: [Case] = [
    Case("does not begin with") { $0.magic = Array("GGUX".utf8) },
    Case("does not begin with") { $0.magic = Array("ggml".utf8) },
    Case("its version is 0") { $0.version = 0 },
    Case("its version is 1;") { $0.version = 1 },
    Case("its version is 4;") { $0.version = 4 },
    Case("big-endian") { $0.version = UInt32(3).byteSwapped },
    Case("18446744073709551615 tensors") { $0.tensorCount = .max },
    Case("claims 1000 tensors") { $0.tensorCount = 1000 },
    Case("metadata keys, which") { $0.keyCount = 1 << 62 },
    Case("is not a valid GGUF file") { $0.keyCount = 17 },
    Case("at most 65535") { $0.entries[0] = B.string("k", claims: .max) },
    Case("at most 65535") { $0.entries[0] = B.string("k", claims: 1 << 40) },
    Case("but only") { $0.entries = [B.string("k", claims: 60_000) + B.word(UInt32(0)) + [0]] },
    Case("metadata key 0 is empty") { $0.entries[0] = B.entry("", 0, [1]) },
    Case("no printable ASCII") { $0.entries[0] = B.entry("käy", 0, [1]) },
    Case("no printable ASCII") { $0.entries[0] = B.entry("a\u{0}", 0, [1]) },
    Case("\"u8\" is there twice") { $0.entries[1] = $0.entries[0] },
    Case("value type 13") { $0.entries[0] = B.entry("u8", 13, [1]) },
    Case("value type 4294967295") { $0.entries[0] = B.entry("u8", .max, [1]) },
    Case("value 2; 0 and 1") { $0.entries[7] = B.entry("yes", 7, [2]) },
    Case("value 255; 0 and 1") {
      $0.entries[7] = B.entry("flags", 9, B.word(UInt32(7)) + B.word(UInt64(2)) + [1, 255])
    },
    Case("\"text\" claims 18446744073709551615 bytes") {
      $0.entries[8] = B.entry("text", 8, B.word(UInt64.max))
    },
    Case("elements of \"big\"") {
      $0.entries[8] = B.entry("big", 9, B.word(UInt32(0)) + B.word(UInt64(1) << 63))
    },
    Case("elements of \"big\"") {
      $0.entries[8] = B.entry("big", 9, B.word(UInt32(12)) + B.word(UInt64(1) << 61))
    },
    Case("elements of \"big\"") {
      $0.entries[8] = B.entry("big", 9, B.word(UInt32(8)) + B.word(UInt64(1) << 60))
    },
    Case("elements of \"big\"") {
      $0.entries[8] = B.entry("big", 9, B.word(UInt32(9)) + B.word(UInt64(1) << 60))
    },
    Case("a string of \"s\" claims") {
      $0.entries[8] = B.entry("s", 9, B.word(UInt32(8)) + B.word(UInt64(1)) + B.word(UInt64.max - 7))
    },
    Case("nests arrays more than 4 deep") {
      let level = B.word(UInt32(9)) + B.word(UInt64(1))
      $0.entries[8] = B.entry(
        "deep", 9, level + level + level + level + B.word(UInt32(0)) + B.word(UInt64(0)))
    },
    Case("\"general.alignment\" is not a power of two") {
      $0.entries[0] = B.entry("general.alignment", 4, B.word(UInt32(0)))
    },
    Case("\"general.alignment\" is not a power of two") {
      $0.entries[0] = B.entry("general.alignment", 4, B.word(UInt32(24)))
    },
    Case("\"general.alignment\" is not a power of two") {
      $0.entries[0] = B.entry("general.alignment", 10, B.word(UInt64(1) << 63))
    },
    Case("\"general.alignment\" is not a power of two") {
      $0.entries[0] = B.entry("general.alignment", 8, B.string("32"))
    },
    Case("at most 64") { $0.tensors[0] = B.tensor(String(repeating: "n", count: 65), [6], 0, 0) },
    Case("tensor 0 has no name") { $0.tensors[0] = B.tensor("", [6], 0, 0) },
    Case("no printable ASCII") { $0.tensors[0] = B.tensor("ä", [6], 0, 0) },
    Case("\"b\" is there twice") { $0.tensors[0] = B.tensor("b", [3, 2], 0, 0) },
    Case("has 0 dimensions") { $0.tensors[0] = B.tensor("a", [], 0, 0) },
    Case("has 5 dimensions") { $0.tensors[0] = B.tensor("a", [1, 1, 1, 1, 6], 0, 0) },
    Case("a dimension of 0") { $0.tensors[0] = B.tensor("a", [0, 6], 0, 0) },
    Case("a dimension of 18446744073709551615") { $0.tensors[0] = B.tensor("a", [.max, 2], 0, 0) },
    Case("larger than any file") { $0.tensors[0] = B.tensor("a", [1 << 32, 1 << 31], 0, 0) },
    Case("larger than any file") { $0.tensors[0] = B.tensor("a", [1 << 48, 1 << 48, 1 << 48], 0, 0) },
    Case("larger than any file") { $0.tensors[0] = B.tensor("a", [1 << 44, 1 << 22], 14, 0) },
    Case("no whole number of Q8_0 blocks") { $0.tensors[0] = B.tensor("a", [31], 8, 0) },
    Case("no whole number of Q4_K blocks") { $0.tensors[0] = B.tensor("a", [128, 2], 12, 0) },
    Case("stored as Q2_K (type 10)") { $0.tensors[0] = B.tensor("a", [256], 10, 0) },
    Case("stored as type 4294967295") { $0.tensors[0] = B.tensor("a", [6], .max, 0) },
    Case("begins at 32 of the data; its place is 0") { $0.tensors[0] = B.tensor("a", [3, 2], 0, 32) },
    Case("begins at 0 of the data; its place is 32") { $0.tensors[1] = B.tensor("b", [32], 8, 0) },
    Case("begins at 64 of the data; its place is 32") { $0.tensors[1] = B.tensor("b", [32], 8, 64) },
    Case("begins at 18446744073709551615") { $0.tensors[1] = B.tensor("b", [32], 8, .max) },
    Case("needs 68 bytes") { $0.tensors[1] = B.tensor("b", [64], 8, 32) },
    Case("needs 4398046511104 bytes") { $0.tensors[0] = B.tensor("a", [1 << 40], 0, 0) },
    Case("32 bytes follow the last tensor") { $0.data += [UInt8](repeating: 0, count: 32) },
    Case("1 bytes follow the last tensor") { $0.data.append(0) },
    Case("the file ends before the data") { ($0.data, $0.alignment) = ([], 1) },
    Case("but 0 are left") { $0.data = [] },
  ]

  @Test(arguments: cases) func refused(_ damaged: Case) throws {
    var file = GGUFBytes.good
    damaged.change(&file)
    let folder = try TemporaryFolder()
    let path = try folder.write("m.gguf", file.bytes)
    let failure = #expect(throws: GGUFError.self) { try GGUFFile(path: path) }
    let text = failure?.description ?? "accepted"
    #expect(text.contains(damaged.says) && text.contains(path), "\(text)")
  }

  /// Heads and vocabularies of nothing but entries, which would take several times the file's length to hold.
  @Test func tooManyEntries() throws {
    var file = GGUFBytes()
    file.tensorCount = 70_000
    file.data = [UInt8](repeating: 0, count: 33 * 70_000)
    let tensors = #expect(throws: GGUFError.self) { try GGUFHeaderTests.header(file.bytes) }
    #expect(tensors?.description.contains("70000 tensors; at most 65536") == true)
    (file.tensorCount, file.keyCount) = (0, 70_000)
    let keys = #expect(throws: GGUFError.self) { try GGUFHeaderTests.header(file.bytes) }
    #expect(keys?.description.contains("70000 metadata keys; at most 65536") == true)
    for (key, count) in [("tokens", 1 << 20), ("merges", 1 << 21)] {
      var file = GGUFBytes()
      let strings = [UInt8](repeating: 0, count: 8 * (count + 1))
      file.entries = [
        B.entry("tokenizer.ggml.model", 8, B.string("gpt2")),
        B.entry("tokenizer.ggml.\(key)", 9, B.word(UInt32(8)) + B.word(UInt64(count + 1)) + strings),
      ]
      let header = try GGUFHeaderTests.header(file.bytes)
      let failure = #expect(throws: GGUFError.self) { try GGUFTokenizer(header, path: "m") }
      #expect(failure?.description.contains("at most \(count) are accepted") == true)
    }
  }

  /// What is refused says where: the byte at which the file is wrong.
  @Test func namesTheOffset() throws {
    var file = GGUFBytes.good
    file.entries[1] = GGUFBytes.entry("i8", 99, [0])
    let failure = #expect(throws: GGUFError.self) { try GGUFHeaderTests.header(file.bytes) }
    // Magic, version, two counts; the first entry; the key with its length.
    #expect(
      failure
        == .malformed(
          path: "m.gguf", offset: 24 + 15 + 10, reason: "\"i8\" has value type 99, which GGUF does not know"))
  }

  @Test func notAFile() throws {
    let folder = try TemporaryFolder()
    #expect(throws: FileFailure.self) { try GGUFFile(path: folder.path) }
    #expect(throws: FileFailure.self) { try GGUFFile(path: folder("none")) }
    #expect(throws: FileFailure.self) { try GGUFFile(path: "/dev/zero") }
    #expect(throws: GGUFError.self) { try GGUFFile(path: folder.write("empty", [])) }
  }

  /// Every cut and every changed byte of a good head is read or refused, and never traps.
  @Test func cutsAndFlips() throws {
    let whole = GGUFBytes.good.bytes
    let head = whole.count - GGUFBytes.good.data.count
    // The padding behind the last tensor need not be there.
    for count in whole.indices.dropLast(30) {
      #expect(throws: GGUFError.self, "cut to \(count)") {
        _ = try GGUFHeaderTests.header(Array(whole[..<count]))
      }
    }
    for place in 0..<head {
      for bit in [1, 8, 64, 128] as [UInt8] {
        var flipped = whole
        flipped[place] ^= bit
        do {
          let header = try GGUFHeaderTests.header(flipped)
          for entry in header.metadata { _ = entry.value.array?.strings }
          for tensor in header.tensors { #expect(tensor.bytes.upperBound <= whole.count) }
        } catch is GGUFError {}
      }
    }
  }
}
