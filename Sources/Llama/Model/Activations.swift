/// All buffers a forward and backward pass needs for T tokens, in one arena: T is the capacity, sized before the first
/// step. Normed inputs and the SwiGLU product are computed again in the backward pass instead of being kept.
final class Activations {
  /// Tokens there is room for.
  let capacity: Int
  /// Rows of logits made at a time: the (T, vocabulary) matrix never exists.
  let headRows: Int

  private let arena: FloatArena
  private let config: LlamaConfig
  private let stream: UnsafeMutablePointer<Float>  // (layers + 1, T, dim)
  private let layers: UnsafeMutablePointer<Float>  // (layers, layerFloats)

  let normed: UnsafeMutablePointer<Float>  // (T, dim)
  let product: UnsafeMutablePointer<Float>  // (T, feedForward)
  let dStream: UnsafeMutablePointer<Float>  // (T, dim)
  let dNormed: UnsafeMutablePointer<Float>  // (T, dim)
  let dProduct: UnsafeMutablePointer<Float>  // (T, feedForward)
  let dGateUp: UnsafeMutablePointer<Float>  // (T, 2 * feedForward)
  let dAttended: UnsafeMutablePointer<Float>  // (T, attentionWidth)
  let dQKV: UnsafeMutablePointer<Float>  // (T, qkvWidth)
  let gainPartial: UnsafeMutablePointer<Float>  // (ceil(T / 64), dim)
  let logits: UnsafeMutablePointer<Float>  // (headRows, vocabulary)
  let adapterHidden: UnsafeMutablePointer<Float>  // (T, adapterRows)
  let dAdapterHidden: UnsafeMutablePointer<Float>  // (T, adapterRows)

  /// What one layer keeps for its backward pass.
  struct Layer {
    let qkv: UnsafeMutablePointer<Float>  // (T, qkvWidth), rotated
    let attended: UnsafeMutablePointer<Float>  // (T, attentionWidth)
    let logSums: UnsafeMutablePointer<Float>  // (T, heads)
    let middle: UnsafeMutablePointer<Float>  // (T, dim): the stream between attention and feed-forward
    let gateUp: UnsafeMutablePointer<Float>  // (T, 2 * feedForward)
  }

  /// Logits held at once, in floats: 64 MiB, which the last-level cache and the head's gradient both like.
  private static let logitFloats = 16 << 20

  /// - Parameter adapterRows: the most rows that matrices A beside one matrix have together; 0 without an adapter.
  init(_ config: LlamaConfig, capacity: Int, adapterRows: Int) throws(LlamaModelError) {
    self.config = config
    self.capacity = capacity
    headRows = max(1, min(capacity, max(8, Self.logitFloats / config.vocabulary & ~7)))
    let (t, d, f) = (capacity, config.dim, config.feedForward)
    let sizes = [
      (config.layers + 1) * t * d, config.layers * Self.layerFloats(config, t), t * d, t * f, t * d, t * d,
      t * f,
      2 * t * f, t * config.attentionWidth, t * config.qkvWidth, (t + 63) / 64 * d,
      headRows * config.vocabulary, t * adapterRows, t * adapterRows,
    ].map { ($0 + 15) & ~15 }
    arena = try FloatArena(count: sizes.reduce(0, +))
    var next = arena.base
    let parts = sizes.map { size in
      defer { next += size }
      return next
    }
    stream = parts[0]
    layers = parts[1]
    normed = parts[2]
    product = parts[3]
    dStream = parts[4]
    dNormed = parts[5]
    dProduct = parts[6]
    dGateUp = parts[7]
    dAttended = parts[8]
    dQKV = parts[9]
    gainPartial = parts[10]
    logits = parts[11]
    adapterHidden = parts[12]
    dAdapterHidden = parts[13]
  }

  private static func layerFloats(_ config: LlamaConfig, _ t: Int) -> Int {
    t * (config.qkvWidth + config.attentionWidth + config.heads + config.dim + 2 * config.feedForward)
  }

  /// The residual stream entering layer `index`; `layers` is the final norm's input.
  func stream(_ index: Int) -> UnsafeMutablePointer<Float> { stream + index * capacity * config.dim }

  /// The buffers layer `index` keeps.
  func layer(_ index: Int) -> Layer {
    let t = capacity
    let qkv = layers + index * Self.layerFloats(config, t)
    let attended = qkv + t * config.qkvWidth
    let logSums = attended + t * config.attentionWidth
    let middle = logSums + t * config.heads
    return Layer(
      qkv: qkv, attended: attended, logSums: logSums, middle: middle, gateUp: middle + t * config.dim)
  }
}
