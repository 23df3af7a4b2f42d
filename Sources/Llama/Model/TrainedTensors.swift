/// What the optimiser changes: tensors with their gradients and both moments, each an arena with the same layout.
final class TrainedTensors {
  /// In arena order.
  let tensors: [ModelTensor]
  /// Floats of each arena.
  let count: Int
  let weights: FloatArena
  let gradients: FloatArena
  let firstMoments: FloatArena
  let secondMoments: FloatArena

  /// - Parameter weights: the arena the tensors lie in already; nil for a new one.
  init(_ tensors: [ModelTensor], count: Int, weights: FloatArena? = nil) throws(LlamaModelError) {
    self.tensors = tensors
    self.count = count
    if let weights { self.weights = weights } else { self.weights = try FloatArena(count: count) }
    gradients = try FloatArena(count: count)
    firstMoments = try FloatArena(count: count)
    secondMoments = try FloatArena(count: count)
  }
}
