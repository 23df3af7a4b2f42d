/// One GGUF file, mapped: its tensors can be read as floats, or used in the form in which they are stored.
public final class GGUFFile: Sendable {
  /// The path as given.
  public let path: String
  /// The checked head.
  public let header: GGUFHeader
  private let file: MappedFile
  private let places: [String: Int]

  /// Opens a file and checks its whole head. Throws `FileFailure`, `GGUFError`.
  public init(path: String) throws {
    self.path = path
    file = try MappedFile(path: path)
    header = try GGUFHeader(file.bytes, path: path)
    places = Dictionary(header.tensors.enumerated().map { ($1.name, $0) }) { first, _ in first }
    if let parts = header["split.count"]?.int, parts > 1 {
      throw GGUFError.unsupported(
        path: path, what: "the model",
        reason: "is split into \(parts) files (`gguf-split --merge` joins them)")
    }
  }

  /// A tensor's entry, or nil.
  public func entry(_ name: String) -> GGUFTensor? { places[name].map { header.tensors[$0] } }

  /// A tensor's entry. Throws `GGUFError.missing`, and `.shape` when it has another shape.
  public func tensor(_ name: String, shape: [Int]) throws -> GGUFTensor {
    guard let tensor = entry(name) else { throw GGUFError.missing(path: path, tensor: name) }
    guard tensor.shape == shape else {
      throw GGUFError.shape(path: path, tensor: name, found: tensor.shape, expected: shape)
    }
    return tensor
  }

  /// Lends the stored bytes of some rows of a tensor of this file: blocks of `tensor.type`, row by row.
  public func withBytes<Result>(
    of tensor: GGUFTensor, rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= tensor.rows, "rows outside of the tensor")
    let start = tensor.bytes.lowerBound + rows.lowerBound * tensor.rowBytes
    let part = UnsafeRawBufferPointer(rebasing: file.bytes[start..<start + rows.count * tensor.rowBytes])
    return try withExtendedLifetime(file) { try body(part) }
  }

  /// Reads some rows as floats into `target`, which holds exactly as many elements.
  public func read(_ tensor: GGUFTensor, rows: Range<Int>, into target: UnsafeMutableBufferPointer<Float>) {
    precondition(target.count == rows.count * tensor.rowElements, "the target has another size than the rows")
    withBytes(of: tensor, rows: rows) { Dequantization.read($0, as: tensor.type, into: target) }
  }

  /// A whole tensor as floats. Throws `GGUFError.missing`.
  public func floats(_ name: String) throws -> [Float] {
    guard let tensor = entry(name) else { throw GGUFError.missing(path: path, tensor: name) }
    return [Float](unsafeUninitializedCapacity: tensor.elements) { buffer, initialised in
      let target = UnsafeMutableBufferPointer(rebasing: buffer[..<tensor.elements])
      read(tensor, rows: 0..<tensor.rows, into: target)
      initialised = tensor.elements
    }
  }
}
