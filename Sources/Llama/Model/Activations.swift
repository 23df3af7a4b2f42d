/// All buffers a forward and backward pass needs for T tokens, in one arena: T is the capacity, sized before the first
/// step. Normed inputs and the SwiGLU product are computed again in the backward pass instead of being kept; with
/// recomputation all layers share one layer's buffers, and only the stream between layers is kept.
final class Activations {
  /// Tokens there is room for.
  let capacity: Int
  /// Rows of logits made at a time: the (T, vocabulary) matrix never exists.
  let headRows: Int

  private let arena: FloatArena
  private let config: LlamaConfig
  private let stream: UnsafeMutablePointer<Float>  // (layers + 1, T, dim)
  private let layers: UnsafeMutablePointer<Float>  // (layers or 1, layerFloats)
  private let isShared: Bool
  private let layerFloats: Int

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
  let dAdapterHidden: UnsafeMutablePointer<Float>  // (T, rows of A beside one matrix)
  let adapterBlocks: UnsafeMutablePointer<Float>  // (outputs, rows of A) of the matrix with most of them
  let dropped: UnsafeMutablePointer<Float>  // (T, the adapter's widest input), with dropout

  /// What one layer keeps for its backward pass.
  struct Layer {
    let qkv: UnsafeMutablePointer<Float>  // (T, qkvWidth), rotated
    let attended: UnsafeMutablePointer<Float>  // (T, attentionWidth)
    let logSums: UnsafeMutablePointer<Float>  // (T, heads)
    let middle: UnsafeMutablePointer<Float>  // (T, dim): the stream between attention and feed-forward
    let gateUp: UnsafeMutablePointer<Float>  // (T, 2 * feedForward)
    let adapter: UnsafeMutablePointer<Float>  // (T, rows of A of a block), one place after the other
  }

  init(_ shape: ActivationShape) throws(LlamaModelError) {
    config = shape.config
    capacity = shape.tokens
    isShared = shape.recomputes
    layerFloats = shape.layerFloats
    headRows = shape.headRows
    let sizes = shape.sizes
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
    dAdapterHidden = parts[12]
    dropped = parts[13]
    adapterBlocks = parts[14]
  }

  /// The residual stream entering layer `index`; `layers` is the final norm's input.
  func stream(_ index: Int) -> UnsafeMutablePointer<Float> { stream + index * capacity * config.dim }

  /// The buffers layer `index` keeps.
  func layer(_ index: Int) -> Layer {
    let t = capacity
    let qkv = layers + (isShared ? 0 : index) * layerFloats
    let attended = qkv + t * config.qkvWidth
    let logSums = attended + t * config.attentionWidth
    let middle = logSums + t * config.heads
    let gateUp = middle + t * config.dim
    return Layer(
      qkv: qkv, attended: attended, logSums: logSums, middle: middle, gateUp: gateUp,
      adapter: gateUp + 2 * t * config.feedForward)
  }
}
