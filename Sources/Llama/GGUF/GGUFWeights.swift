/// The weights of a GGUF file under transformers' names, query and key rows in transformers' order.
public struct GGUFWeights: WeightStore {
  /// The file.
  public let file: GGUFFile
  private let order: RotaryRowOrder

  /// The weights of a file whose heads have this width.
  public init(_ file: GGUFFile, headDim: Int) {
    self.file = file
    order = RotaryRowOrder(headDim: headDim)
  }

  /// Every tensor, as it is stored.
  public var stored: [StoredTensor] {
    file.header.tensors.map {
      StoredTensor(name: $0.name, type: $0.type.name, shape: $0.shape, byteCount: $0.bytes.count)
    }
  }

  /// Reads a tensor as floats. Throws `GGUFError.missing`, `.shape`.
  public func read(_ name: String, shape: [Int], into target: UnsafeMutableBufferPointer<Float>) throws {
    guard let known = GGUFTensorName.of(name) else { throw GGUFError.missing(path: file.path, tensor: name) }
    let tensor = try file.tensor(known, shape: shape)
    guard GGUFTensorName.isRotated(name) else {
      return file.read(tensor, rows: 0..<tensor.rows, into: target)
    }
    guard shape.count > 1 else { return readRotated(tensor, into: target) }
    let width = tensor.rowElements
    for row in 0..<tensor.rows {
      let stored = order.stored(row)
      let part = UnsafeMutableBufferPointer(rebasing: target[row * width..<(row + 1) * width])
      file.read(tensor, rows: stored..<stored + 1, into: part)
    }
  }

  /// A bias is one row, whose elements are in the order of the matrix's rows.
  private func readRotated(_ tensor: GGUFTensor, into target: UnsafeMutableBufferPointer<Float>) {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: target.count) { all in
      file.read(tensor, rows: 0..<1, into: all)
      for place in target.indices { target[place] = all[order.stored(place)] }
    }
  }
}
