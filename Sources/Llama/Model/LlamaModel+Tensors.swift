extension LlamaModel {
  /// Reads a weight in place, row-major.
  ///
  /// - Throws: `LlamaModelError.unknownTensor`.
  public func withWeight<Result>(
    _ name: String, _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    try body(view(weights, tensor(name)))
  }

  /// Copies a weight in.
  ///
  /// - Throws: `LlamaModelError.unknownTensor` or `.wrongTensorSize`.
  public func loadWeight(_ name: String, from values: UnsafeBufferPointer<Float>) throws(LlamaModelError) {
    try load(values, tensor(name), into: weights)
  }

  /// Reads a weight that is trained, in place, row-major.
  ///
  /// - Throws: `LlamaModelError.unknownTensor`.
  public func withTrainedWeight<Result>(
    _ name: String, _ body: (UnsafeBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    try body(view(trained.weights, trainedTensor(name)))
  }

  /// Copies a weight that is trained in.
  ///
  /// - Throws: `LlamaModelError.unknownTensor` or `.wrongTensorSize`.
  public func loadTrainedWeight(
    _ name: String, from values: UnsafeBufferPointer<Float>
  ) throws(LlamaModelError) {
    try load(values, trainedTensor(name), into: trained.weights)
  }

  /// The gradient of a weight: of the sum of losses, or of what the last clip made of it.
  ///
  /// - Throws: `LlamaModelError.unknownTensor`.
  public func gradient(_ name: String) throws(LlamaModelError) -> [Float] {
    view(trained.gradients, try trainedTensor(name)).map { $0 * gradientScale }
  }

  /// Reads both moments of a weight in place, for a checkpoint.
  ///
  /// - Throws: `LlamaModelError.unknownTensor`.
  public func withMoments<Result>(
    _ name: String,
    _ body: (_ first: UnsafeBufferPointer<Float>, _ second: UnsafeBufferPointer<Float>) throws -> Result
  ) throws -> Result {
    let tensor = try trainedTensor(name)
    return try body(view(trained.firstMoments, tensor), view(trained.secondMoments, tensor))
  }

  /// Copies both moments of a weight in, from a checkpoint. `optimizerSteps` is set apart.
  ///
  /// - Throws: `LlamaModelError.unknownTensor` or `.wrongTensorSize`.
  public func loadMoments(
    _ name: String, first: UnsafeBufferPointer<Float>, second: UnsafeBufferPointer<Float>
  ) throws(LlamaModelError) {
    let tensor = try trainedTensor(name)
    try load(first, tensor, into: trained.firstMoments)
    try load(second, tensor, into: trained.secondMoments)
  }

  /// Fills the weights from a seed: matrices normal with deviation 0.02, gains 1, biases 0. The same seed gives the same bits
  /// everywhere.
  public func initializeWeights(seed: UInt64) {
    var normal = NormalSequence(seed: seed)
    for tensor in tensors {
      let isVector = tensor.shape.count == 1
      let fixed: Float = tensor.name.hasSuffix(".bias") ? 0 : 1
      for place in tensor.range { weights.base[place] = isVector ? fixed : normal.next(deviation: 0.02) }
    }
  }

  func view(_ arena: FloatArena, _ tensor: ModelTensor) -> UnsafeBufferPointer<Float> {
    UnsafeBufferPointer(start: arena.base + tensor.range.lowerBound, count: tensor.range.count)
  }

  private func load(
    _ values: UnsafeBufferPointer<Float>, _ tensor: ModelTensor, into arena: FloatArena
  ) throws(LlamaModelError) {
    guard values.count == tensor.range.count else {
      throw .wrongTensorSize(name: tensor.name, expected: tensor.range.count, found: values.count)
    }
    guard let source = values.baseAddress else { return }
    (arena.base + tensor.range.lowerBound).update(from: source, count: values.count)
  }
}
