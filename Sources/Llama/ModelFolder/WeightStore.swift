/// The weights of a model on disk, in whichever format, under the names that transformers gives them.
public protocol WeightStore: Sendable {
  /// Every tensor, as it is stored.
  var stored: [StoredTensor] { get }

  /// Reads a tensor as floats, rows in transformers' order, into `target`, which holds exactly as many.
  ///
  /// Throws what the format throws for a tensor that is missing or has another shape than asked for.
  func read(_ name: String, shape: [Int], into target: UnsafeMutableBufferPointer<Float>) throws
}

/// What a file says of one of its tensors.
public struct StoredTensor: Sendable, Equatable {
  /// Its name in the file.
  public var name: String
  /// The name of its element type in the format's own terms, such as `BF16` or `Q4_K`.
  public var type: String
  /// Sizes of its dimensions, outermost first.
  public var shape: [Int]
  /// Bytes it takes.
  public var byteCount: Int
}

extension WeightStore {
  /// A tensor as floats. The shape comes from a checked configuration, and is compared before anything is allocated
  /// beyond it.
  func floats(_ name: String, shape: [Int]) throws -> [Float] {
    let count = shape.reduce(1, *)
    return try [Float](unsafeUninitializedCapacity: count) { buffer, initialised in
      try read(name, shape: shape, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialised = count
    }
  }
}

extension LlamaModel {
  /// Makes a model and reads its weights. `threads` includes the caller's own.
  ///
  /// Throws `LlamaModelError`, and what the store throws.
  public convenience init(
    config: LlamaConfig, weights: any WeightStore, threads: Int, path: ComputePath = .best,
    precision: Precision = .f32, adapter: AdapterConfig? = nil
  ) throws {
    try self.init(config: config, threads: threads, path: path, precision: precision, adapter: adapter)
    for tensor in tensors {
      try fillWeight(tensor.name) { try weights.read(tensor.name, shape: tensor.shape, into: $0) }
    }
  }

  /// Lends a weight to be written in place, so that reading a model needs no second copy of it.
  func fillWeight(_ name: String, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Void) throws {
    let tensor = try tensor(name)
    try body(
      UnsafeMutableBufferPointer(start: weights.base + tensor.range.lowerBound, count: tensor.range.count))
  }
}
