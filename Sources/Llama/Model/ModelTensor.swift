/// One named tensor and its place in the arenas.
public struct ModelTensor: Sendable, Equatable {
  /// The name transformers gives it, such as `model.layers.0.self_attn.q_proj.weight`.
  public let name: String
  /// Row-major; a matrix is (outputs, inputs).
  public let shape: [Int]
  /// Floats in the arena: the same range in weights, gradients and both moments.
  public let range: Range<Int>
}
