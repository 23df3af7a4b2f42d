/// What decides the size of every buffer of a pass; T tokens.
struct ActivationShape: Sendable {
  let config: LlamaConfig
  /// T: the most tokens of a micro-batch.
  let tokens: Int
  /// Rows of all matrices A of a block, the most of those beside one matrix, and the most numbers that all B of one matrix
  /// take as blocks; 0 without an adapter.
  var adapterRows = (block: 0, place: 0, blocks: 0)
  /// The widest input that is dropped from; 0 without dropout.
  var dropoutWidth = 0
  /// Whether the layers are computed again in the backward pass.
  var recomputes = false

  /// Logits held at once, in floats: 64 MiB, which the last-level cache and the head's gradient both like.
  private static let logitFloats = 16 << 20

  /// Rows of logits made at a time.
  var headRows: Int { max(1, min(tokens, max(8, Self.logitFloats / config.vocabulary & ~7))) }

  /// Floats of the buffers of `Activations`, in their order, each rounded up to 64 bytes.
  var sizes: [Int] {
    let (t, d, f) = (tokens, config.dim, config.feedForward)
    return [
      (config.layers + 1) * t * d, (recomputes ? 1 : config.layers) * layerFloats, t * d, t * f, t * d, t * d,
      t * f, 2 * t * f, t * config.attentionWidth, t * config.qkvWidth, (t + 63) / 64 * d,
      headRows * config.vocabulary, t * adapterRows.place, t * dropoutWidth, adapterRows.blocks,
    ].map { ($0 + 15) & ~15 }
  }

  /// Floats that one layer keeps for its backward pass.
  var layerFloats: Int {
    tokens
      * (config.qkvWidth + config.attentionWidth + config.heads + config.dim + 2 * config.feedForward
        + adapterRows.block)
  }
}
