import Testing

@testable import Llama

@Suite struct GGUFHeaderTests {
  static func header(_ bytes: [UInt8]) throws -> GGUFHeader {
    try bytes.withUnsafeBytes { try GGUFHeader($0, path: "m.gguf") }
  }

  @Test(arguments: [2, 3]) func readsEveryKind(_ version: UInt32) throws {
    var file = GGUFBytes.good
    file.version = version
    let header = try Self.header(file.bytes)
    #expect(header.version == Int(version) && header.alignment == 32)
    #expect(header["u8"] == .uint8(255) && header["i8"] == .int8(-1))
    #expect(header["u16"] == .uint16(65_535) && header["i16"] == .int16(-2))
    #expect(header["u32"]?.int == 4_294_967_295 && header["i32"]?.int == -2_147_483_648)
    #expect(header["u64"] == .uint64(.max) && header["u64"]?.int == nil && header["i64"]?.int == .min)
    #expect(header["f32"]?.double == 0.5 && header["f64"]?.double == -0.25)
    #expect(header["yes"]?.bool == true && header["text"]?.text == "naïve")
    #expect(header["strings"]?.array?.strings == [Array("a b".utf8), []])
    #expect(header["floats"]?.array?.floats == [1, 2] && header["ints"]?.array?.int32s == [-7])
    #expect(header["nested"]?.array?.count == 1 && header["nested"]?.array?.strings == nil)
    #expect(header["none"] == nil)
    #expect(header.tensors.map(\.name) == ["a", "b"])
    #expect(header.tensors.map(\.shape) == [[2, 3], [32]])
    #expect(header.tensors.map(\.bytes.count) == [24, 34])
  }

  @Test func readsTensors() throws {
    let folder = try TemporaryFolder()
    let file = try GGUFFile(path: folder.write("m.gguf", GGUFBytes.good.bytes))
    #expect(try file.floats("a") == [0, 1, 2, 3, 4, 5])
    #expect(try file.floats("b") == (0..<32).map { Float($0 - 16) / 2 })
    let tensor = try file.tensor("a", shape: [2, 3])
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 3) { row in
      file.read(tensor, rows: 1..<2, into: row)
      #expect(Array(row) == [3, 4, 5])
    }
    #expect(file.withBytes(of: tensor, rows: 0..<2) { $0.count } == 24)
    #expect(throws: GGUFError.missing(path: file.path, tensor: "c")) { try file.floats("c") }
    #expect(throws: GGUFError.shape(path: file.path, tensor: "a", found: [2, 3], expected: [3, 2])) {
      try file.tensor("a", shape: [3, 2])
    }
  }

  /// Offsets follow the alignment that the file asks for.
  @Test func otherAlignment() throws {
    var file = GGUFBytes.good
    file.entries.append(GGUFBytes.entry("general.alignment", 4, GGUFBytes.word(UInt32(8))))
    file.alignment = 8
    file.tensors = [GGUFBytes.tensor("a", [3, 2], 0, 0), GGUFBytes.tensor("b", [32], 8, 24)]
    file.data = Array(file.data[..<24] + file.data[32..<72])
    #expect(try Self.header(file.bytes).tensors.map(\.bytes.count) == [24, 34])
  }

  /// A vocabulary alone, without tensors and padding, is a file of its own kind.
  @Test func withoutTensors() throws {
    var file = GGUFBytes.good
    (file.tensors, file.data) = ([], [])
    #expect(try Self.header(file.bytes).tensors.isEmpty)
  }
}
