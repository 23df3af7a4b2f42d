import Testing

@testable import Llama

@Suite struct SafetensorsRoundTripTests {
  @Test func writesWhatItReads() throws {
    let folder = try TemporaryFolder()
    let tensors = [
      OutgoingTensor(name: "b", shape: [2, 3], elements: [1, -2, .infinity, 0.5, -0.0, 0x1p-140]),
      OutgoingTensor(name: "a", shape: [], elements: [7]),
      OutgoingTensor(name: "empty", shape: [0, 5], elements: []),
    ]
    try SafetensorsWriter.write(tensors, metadata: ["format": "pt"], to: folder("x"))
    let file = try SafetensorsFile(path: folder("x"))
    #expect(file.header.tensors.map(\.name) == ["a", "b", "empty"])
    #expect(file.header.metadata.map { "\($0.name)=\($0.text)" } == ["format=pt"])
    #expect(
      try file.floats("b").map(\.bitPattern)
        == [1, -2, .infinity, 0.5, -0.0, 0x1p-140].map { Float($0).bitPattern })
    #expect(try file.floats("a") == [7])
    #expect(try file.floats("empty") == [])
    #expect(file.entry("b")?.shape == [2, 3])
    // The order of the arguments does not matter, and nothing but the file is left.
    try SafetensorsWriter.write(tensors.reversed(), metadata: ["format": "pt"], to: folder("y"))
    #expect(try folder.read("x") == folder.read("y"))
    #expect(try folder.names() == ["x", "y"])
  }

  @Test func alignsItsData() throws {
    let folder = try TemporaryFolder()
    for length in 1...9 {
      let name = String(repeating: "n", count: length)
      try SafetensorsWriter.write([OutgoingTensor(name: name, shape: [1], elements: [1])], to: folder("x"))
      #expect(try folder.read("x").count % 8 == 4)
    }
  }

  @Test func convertsSixteenBitTypes() throws {
    let folder = try TemporaryFolder()
    let header =
      #"{"h":{"dtype":"F16","shape":[3],"data_offsets":[0,6]},"b":{"dtype":"BF16","shape":[3],"data_offsets":[6,12]},"i":{"dtype":"I64","shape":[1],"data_offsets":[12,20]}}"#
    let halves: [UInt16] = [0x3C00, 0x0001, 0xFC00, 0x3F80, 0x0001, 0xFF80]
    let data =
      halves.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] } + [UInt8](repeating: 0, count: 8)
    let count = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
    let file = try SafetensorsFile(path: folder.write("x", count + Array(header.utf8) + data))
    #expect(try file.floats("h") == [1, 0x1p-24, -.infinity])
    #expect(try file.floats("b") == [1, Float(bitPattern: 0x10000), -.infinity])
    #expect(throws: SafetensorsError.type(path: folder("x"), tensor: "i", found: "I64")) {
      try file.floats("i")
    }
    #expect(throws: SafetensorsError.missing(path: folder("x"), tensor: "none")) { try file.floats("none") }
    var three: [Float] = [0, 0, 0]
    #expect(throws: SafetensorsError.shape(path: folder("x"), tensor: "h", found: [3], expected: [1, 3])) {
      try three.withUnsafeMutableBufferPointer { try file.read("h", shape: [1, 3], into: $0) }
    }
  }

  @Test func refusesUnwritable() throws {
    let folder = try TemporaryFolder()
    let one = OutgoingTensor(name: "a", shape: [1], elements: [1])
    #expect(throws: SafetensorsError.self) { try SafetensorsWriter.write([one, one], to: folder("x")) }
    let short = OutgoingTensor(name: "b", shape: [3], elements: [1])
    #expect(throws: SafetensorsError.self) { try SafetensorsWriter.write([one, short], to: folder("x")) }
    #expect(throws: FileFailure.self) { try SafetensorsWriter.write([one], to: folder("no/x")) }
    #expect(try folder.names() == [])
  }

  @Test func readsShards() throws {
    let folder = try TemporaryFolder()
    try SafetensorsWriter.write(
      [OutgoingTensor(name: "a", shape: [1], elements: [1])], to: folder("1.safetensors"))
    try SafetensorsWriter.write(
      [OutgoingTensor(name: "b", shape: [2], elements: [2, 3])], to: folder("2.safetensors"))
    func index(_ text: String) throws { try folder.write("model.safetensors.index.json", Array(text.utf8)) }
    try index(#"{"metadata":{},"weight_map":{"a":"1.safetensors","b":"2.safetensors"}}"#)
    let weights = try ModelWeights(folder: folder.path)
    #expect(weights.stored.map(\.name).sorted() == ["a", "b"])
    var two: [Float] = [0, 0]
    try two.withUnsafeMutableBufferPointer { try weights.read("b", shape: [2], into: $0) }
    #expect(two == [2, 3])
    for wrong in [
      #"{"weight_map":{"a":"../1.safetensors"}}"#, #"{"weight_map":{"a":"/etc/passwd"}}"#,
      #"{"weight_map":{"a":".."}}"#,
      #"{"weight_map":{"a":""}}"#, #"{"weight_map":{"a":1}}"#, #"{"weight_map":[]}"#, #"{}"#, #"[]"#,
    ] {
      try index(wrong)
      #expect(throws: ModelFolderError.self, "\(wrong)") { try ModelWeights(folder: folder.path) }
    }
    try index(#"{"weight_map":{"b":"1.safetensors"}}"#)
    #expect(throws: SafetensorsError.missing(path: folder("1.safetensors"), tensor: "b")) {
      try ModelWeights(folder: folder.path)
    }
    try index(#"{"weight_map":{"a":"3.safetensors"}}"#)
    #expect(throws: FileFailure.self) { try ModelWeights(folder: folder.path) }
  }
}
