import Records

/// Writes safetensors files whose bytes depend on the tensors only: names in byte order, no padding but the
/// header's, which aligns the data to 8 bytes as the reference writer does.
public enum SafetensorsWriter {
  /// The element types that weights are written in.
  public enum ElementType: String, Sendable, CaseIterable {
    case float32 = "F32"
    case float16 = "F16"
    case bfloat16 = "BF16"

    /// Bytes of one element.
    var byteWidth: Int { self == .float32 ? 4 : 2 }
  }

  /// Writes the file atomically. `metadata` becomes `__metadata__` (transformers wants `format: pt`).
  ///
  /// Throws `SafetensorsError.unwritable` for equal names, sizes that do not fit or a number that the type cannot hold,
  /// and `FileFailure`.
  public static func write(
    _ tensors: [OutgoingTensor], as type: ElementType = .float32, metadata: [String: String] = [:],
    to path: String
  ) throws {
    let ordered = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    for (tensor, next) in zip(ordered, ordered.dropFirst()) where tensor.name == next.name {
      throw SafetensorsError.unwritable(path: path, reason: "two tensors are named \"\(tensor.name)\"")
    }
    if let bad = ordered.first(where: { $0.name == "__metadata__" }) {
      throw SafetensorsError.unwritable(path: path, reason: "no tensor can be named \"\(bad.name)\"")
    }
    let header = header(ordered, type, metadata)
    let file = try OutputFile(path: path)
    try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try file.write($0) }
    try header.withUnsafeBytes { try file.write($0) }
    for tensor in ordered {
      try tensor.withElements { elements in
        guard elements.count == tensor.count else {
          throw SafetensorsError.unwritable(
            path: path,
            reason:
              "tensor \"\(tensor.name)\" has \(elements.count) elements, its shape \(tensor.shape) has \(tensor.count)"
          )
        }
        try write(elements, of: tensor.name, type, to: file, path)
      }
    }
    try file.finish()
  }

  private static func header(
    _ ordered: [OutgoingTensor], _ type: ElementType, _ metadata: [String: String]
  ) -> [UInt8] {
    var members: [JSONMember] = []
    if !metadata.isEmpty {
      let entries = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      members.append(
        JSONMember("__metadata__", .object(entries.map { JSONMember($0.key, .string($0.value)) })))
    }
    var end = 0
    for tensor in ordered {
      let size = type.byteWidth * tensor.count
      members.append(
        JSONMember(
          tensor.name,
          .object([
            JSONMember("dtype", .string(type.rawValue)),
            JSONMember("shape", .array(tensor.shape.map { .integer($0) })),
            JSONMember("data_offsets", .array([.integer(end), .integer(end + size)])),
          ])))
      end += size
    }
    var header = CanonicalJSON.encode(.object(members))
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
    return header
  }

  private static func write(
    _ elements: UnsafeBufferPointer<Float>, of name: String, _ type: ElementType, to file: OutputFile,
    _ path: String
  ) throws {
    switch type {
    case .float32: try file.write(UnsafeRawBufferPointer(elements))
    case .bfloat16: try FloatNarrowing.write(elements, FloatNarrowing.brain) { try file.write($0) }
    case .float16:
      if let place = FloatNarrowing.firstBeyondHalf(elements) {
        throw SafetensorsError.unwritable(
          path: path,
          reason:
            "element \(place) of tensor \"\(name)\" is \(elements[place]), beyond the range of F16; BF16 holds it"
        )
      }
      try FloatNarrowing.write(elements, FloatNarrowing.half) { try file.write($0) }
    }
  }
}
