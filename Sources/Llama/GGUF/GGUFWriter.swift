/// Writes GGUF files of version 3 whose bytes depend on the metadata and the tensors only.
public enum GGUFWriter {
  /// What a tensor's elements are written as.
  public enum ElementType: Sendable, CaseIterable {
    case float32, float16, bfloat16, q8_0

    var stored: GGUFTensorType {
      switch self {
      case .float32: .float32
      case .float16: .float16
      case .bfloat16: .bfloat16
      case .q8_0: .q8_0
      }
    }
  }

  private static let alignment = 32

  /// Writes the file atomically, tensors in the order given.
  ///
  /// Throws `GGUFError.unwritable` for names and sizes that form no file or a number that the type cannot hold, and
  /// `FileFailure`.
  public static func write(
    metadata: [GGUFEntry], tensors: [(tensor: OutgoingTensor, type: ElementType)], to path: String
  ) throws {
    let head = try head(metadata, tensors, path)
    let file = try OutputFile(path: path)
    try head.withUnsafeBytes { try file.write($0) }
    for (tensor, type) in tensors {
      try tensor.withElements { elements in
        guard elements.count == tensor.count else {
          throw GGUFError.unwritable(
            path: path,
            reason:
              "tensor \"\(tensor.name)\" has \(elements.count) elements, its shape \(tensor.shape) has \(tensor.count)"
          )
        }
        try write(elements, of: tensor.name, type, to: file, path)
      }
      try pad(byteCount(tensor, type), file)
    }
    try file.finish()
  }

  private static func byteCount(_ tensor: OutgoingTensor, _ type: ElementType) -> Int {
    tensor.count / type.stored.blockElements * type.stored.blockBytes
  }

  private static func head(
    _ metadata: [GGUFEntry], _ tensors: [(tensor: OutgoingTensor, type: ElementType)], _ path: String
  ) throws -> [UInt8] {
    var head = Array("GGUF".utf8)
    head.appendWord(UInt32(3))
    head.appendWord(UInt64(tensors.count))
    head.appendWord(UInt64(metadata.count))
    for entry in metadata { head.append(entry) }
    var offset = 0
    for (tensor, type) in tensors {
      guard 1...GGUFCursor.longestName ~= tensor.name.utf8.count, 1...4 ~= tensor.shape.count,
        !tensor.shape.contains(0), (tensor.shape.last ?? 0) % type.stored.blockElements == 0
      else {
        throw GGUFError.unwritable(
          path: path,
          reason: "tensor \"\(tensor.name)\" of shape \(tensor.shape) cannot be stored as \(type.stored.name)"
        )
      }
      head.append(string: Array(tensor.name.utf8))
      head.appendWord(UInt32(tensor.shape.count))
      for size in tensor.shape.reversed() { head.appendWord(UInt64(size)) }
      head.appendWord(type.stored.rawValue)
      head.appendWord(UInt64(offset))
      offset += (byteCount(tensor, type) + alignment - 1) & ~(alignment - 1)
    }
    while head.count % alignment != 0 { head.append(0) }
    return head
  }

  private static func pad(_ count: Int, _ file: OutputFile) throws {
    let zeros = [UInt8](repeating: 0, count: (alignment - count % alignment) % alignment)
    try zeros.withUnsafeBytes { try file.write($0) }
  }

  private static func write(
    _ elements: UnsafeBufferPointer<Float>, of name: String, _ type: ElementType, to file: OutputFile,
    _ path: String
  ) throws {
    func refuse(_ place: Int, _ what: String) -> GGUFError {
      .unwritable(
        path: path,
        reason: "element \(place) of tensor \"\(name)\" is \(elements[place]), which \(what) cannot hold")
    }
    switch type {
    case .float32: try file.write(UnsafeRawBufferPointer(elements))
    case .bfloat16: try FloatNarrowing.write(elements, FloatNarrowing.brain) { try file.write($0) }
    case .float16:
      if let place = FloatNarrowing.firstBeyondHalf(elements) { throw refuse(place, "F16") }
      try FloatNarrowing.write(elements, FloatNarrowing.half) { try file.write($0) }
    case .q8_0:
      if let place = Quantization.firstUnfit(elements) { throw refuse(place, "Q8_0") }
      try writeBlocks(elements, to: file)
    }
  }

  private static func writeBlocks(_ elements: UnsafeBufferPointer<Float>, to file: OutputFile) throws {
    guard let start = elements.baseAddress else { return }
    let (total, group, size) = (elements.count / 32, 1024, GGUFTensorType.q8_0.blockBytes)
    try withUnsafeTemporaryAllocation(byteCount: group * size, alignment: 2) { bytes in
      guard let to = bytes.baseAddress else { return }
      for first in stride(from: 0, to: total, by: group) {
        let count = min(group, total - first)
        for block in 0..<count { Quantization.q8_0(start + (first + block) * 32, to: to + block * size) }
        try file.write(UnsafeRawBufferPointer(rebasing: bytes[..<(count * size)]))
      }
    }
  }
}

extension [UInt8] {
  fileprivate mutating func append(string: [UInt8]) {
    appendWord(UInt64(string.count))
    self += string
  }

  fileprivate mutating func append(_ entry: GGUFEntry) {
    append(string: Array(entry.key.utf8))
    appendWord(entry.value.type.rawValue)
    switch entry.value {
    case .uint8(let value): append(value)
    case .int8(let value): appendWord(value)
    case .uint16(let value): appendWord(value)
    case .int16(let value): appendWord(value)
    case .uint32(let value): appendWord(value)
    case .int32(let value): appendWord(value)
    case .float32(let value): appendWord(value.bitPattern)
    case .bool(let value): append(value ? 1 : 0)
    case .string(let value): append(string: value)
    case .array(let value):
      appendWord(value.type.rawValue)
      appendWord(UInt64(value.count))
      self += value.payload
    case .uint64(let value): appendWord(value)
    case .int64(let value): appendWord(value)
    case .float64(let value): appendWord(value.bitPattern)
    }
  }
}
