/// One safetensors file open for reading.
///
/// Only the header is held in memory; tensors are read when asked for.
public final class SafetensorsFile: Sendable {
  /// The path as given.
  public let path: String
  /// The checked table of contents.
  public let header: SafetensorsHeader
  private let file: InputFile
  /// Where the tensors' bytes begin.
  let dataOffset: Int
  private let places: [String: Int]

  /// Opens a file and checks its whole header. Throws `FileFailure`, `SafetensorsError.malformed`.
  public init(path: String) throws {
    self.path = path
    file = try InputFile(path: path)
    guard file.count >= 8 else {
      throw SafetensorsError.malformed(
        path: path, reason: "it has \(file.count) bytes; the header's length takes 8")
    }
    var length: UInt64 = 0
    let word = try file.bytes(at: 0, count: 8)
    for byte in word.reversed() { length = length << 8 | UInt64(byte) }
    guard length <= UInt64(SafetensorsHeader.longest) else {
      throw SafetensorsError.malformed(
        path: path,
        reason: "its header claims \(length) bytes; at most \(SafetensorsHeader.longest) are accepted")
    }
    guard Int(length) <= file.count - 8 else {
      throw SafetensorsError.malformed(
        path: path, reason: "its header claims \(length) bytes, but only \(file.count - 8) follow")
    }
    dataOffset = 8 + Int(length)
    let text = try file.bytes(at: 8, count: Int(length))
    let dataCount = file.count - dataOffset
    header = try text.withUnsafeBytes { try SafetensorsHeader(json: $0, dataCount: dataCount, path: path) }
    var places: [String: Int] = [:]
    for (place, tensor) in header.tensors.enumerated() { places[tensor.name] = place }
    guard places.count == header.tensors.count else {
      throw SafetensorsError.malformed(path: path, reason: "two tensors have the same name")
    }
    self.places = places
  }

  /// The entry of a tensor, or nil.
  public func entry(_ name: String) -> TensorEntry? { places[name].map { header.tensors[$0] } }

  /// Reads a tensor's elements as floats into `target`, which must have exactly as many elements.
  ///
  /// Throws `SafetensorsError.missing`, `.shape` (when `shape` or the number of elements differs), `.type`; `FileFailure`.
  public func read(_ name: String, shape: [Int], into target: UnsafeMutableBufferPointer<Float>) throws {
    guard let entry = entry(name) else { throw SafetensorsError.missing(path: path, tensor: name) }
    guard entry.shape == shape, entry.bytes.count / entry.type.byteWidth == target.count else {
      throw SafetensorsError.shape(path: path, tensor: name, found: entry.shape, expected: shape)
    }
    let start = dataOffset + entry.bytes.lowerBound
    switch entry.type {
    case .float32: try readFloats(at: start, into: target)
    case .float16: try readHalves(at: start, into: target) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: try readHalves(at: start, into: target) { Float(bitPattern: UInt32($0) << 16) }
    default: throw SafetensorsError.type(path: path, tensor: name, found: entry.type.rawValue)
    }
  }

  /// A tensor's elements as floats; allocates no more than the file's own bytes justify.
  public func floats(_ name: String) throws -> [Float] {
    guard let entry = entry(name) else { throw SafetensorsError.missing(path: path, tensor: name) }
    let count = entry.bytes.count / entry.type.byteWidth
    return try [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
      try read(name, shape: entry.shape, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialised = count
    }
  }

  private func readFloats(at start: Int, into target: UnsafeMutableBufferPointer<Float>) throws {
    try file.read(at: start, into: UnsafeMutableRawBufferPointer(target))
    #if _endian(big)
      for index in target.indices { target[index] = Float(bitPattern: target[index].bitPattern.byteSwapped) }
    #endif
  }

  /// Reads 16-bit elements through a block that stays in the cache.
  private func readHalves(
    at start: Int, into target: UnsafeMutableBufferPointer<Float>, convert: (UInt16) -> Float
  ) throws {
    let block = 1 << 16
    try withUnsafeTemporaryAllocation(of: UInt16.self, capacity: min(block, max(target.count, 1))) { halves in
      var done = 0
      while done < target.count {
        let count = min(block, target.count - done)
        let part = UnsafeMutableBufferPointer(rebasing: halves[..<count])
        try file.read(at: start + 2 * done, into: UnsafeMutableRawBufferPointer(part))
        for index in 0..<count { target[done + index] = convert(UInt16(littleEndian: part[index])) }
        done += count
      }
    }
  }
}
