import Records

/// One tensor to be written as F32.
public struct OutgoingTensor {
  /// The tensor's name.
  public var name: String
  /// Sizes of its dimensions, outermost first.
  public var shape: [Int]
  /// Hands the elements to its argument; called once, when the tensor's turn has come.
  public var withElements: ((UnsafeBufferPointer<Float>) throws -> Void) throws -> Void

  /// A tensor whose elements are lent by a closure, so that no copy is made.
  public init(
    name: String, shape: [Int],
    withElements: @escaping ((UnsafeBufferPointer<Float>) throws -> Void) throws -> Void
  ) {
    self.name = name
    self.shape = shape
    self.withElements = withElements
  }

  /// A tensor of these elements.
  public init(name: String, shape: [Int], elements: [Float]) {
    self.init(name: name, shape: shape) { try elements.withUnsafeBufferPointer($0) }
  }
}

/// Writes safetensors files whose bytes depend on the tensors only: names in byte order, no padding but the
/// header's, which aligns the data to 8 bytes as the reference writer does.
public enum SafetensorsWriter {
  /// Writes the file atomically. `metadata` becomes `__metadata__` (transformers wants `format: pt`).
  ///
  /// Throws `SafetensorsError.unwritable` for equal names or sizes that do not fit, and `FileFailure`.
  public static func write(_ tensors: [OutgoingTensor], metadata: [String: String] = [:], to path: String)
    throws
  {
    let ordered = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    var members: [JSONMember] = []
    if !metadata.isEmpty {
      let entries = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      members.append(
        JSONMember("__metadata__", .object(entries.map { JSONMember($0.key, .string($0.value)) })))
    }
    var end = 0
    var counts: [Int] = []
    for (index, tensor) in ordered.enumerated() {
      guard tensor.name != "__metadata__", index == 0 || ordered[index - 1].name != tensor.name else {
        throw SafetensorsError.unwritable(path: path, reason: "two tensors are named \"\(tensor.name)\"")
      }
      let count = tensor.shape.reduce(1, *)
      counts.append(count)
      members.append(
        JSONMember(
          tensor.name,
          .object([
            JSONMember("dtype", .string("F32")),
            JSONMember("shape", .array(tensor.shape.map { .number(Double($0)) })),
            JSONMember("data_offsets", .array([.number(Double(end)), .number(Double(end + 4 * count))])),
          ])))
      end += 4 * count
    }
    var header = CanonicalJSON.encode(.object(members))
    while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }

    let file = try OutputFile(path: path)
    try withUnsafeBytes(of: UInt64(header.count).littleEndian) { try file.write($0) }
    try header.withUnsafeBytes { try file.write($0) }
    for (tensor, count) in zip(ordered, counts) {
      try tensor.withElements { elements in
        guard elements.count == count else {
          throw SafetensorsError.unwritable(
            path: path,
            reason:
              "tensor \"\(tensor.name)\" has \(elements.count) elements, its shape \(tensor.shape) has \(count)"
          )
        }
        try file.write(UnsafeRawBufferPointer(elements))
      }
    }
    try file.finish()
  }
}
