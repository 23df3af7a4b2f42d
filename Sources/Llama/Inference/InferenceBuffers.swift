/// What a pass over some rows writes. T rows, W the width of queries, keys and values, F the feed-forward width.
struct InferenceBuffers {
  /// T.
  let rows: Int
  let stream: UnsafeMutablePointer<Float>  // (T, dim)
  let normed: UnsafeMutablePointer<Float>  // (T, dim)
  let qkv: UnsafeMutablePointer<Float>  // (T, W)
  let attended: UnsafeMutablePointer<Float>  // (T, heads * headDim)
  let gateUp: UnsafeMutablePointer<Float>  // (T, 2F)
  let product: UnsafeMutablePointer<Float>  // (T, F)
  let hidden: UnsafeMutablePointer<Float>  // (T, adapter's rank)
  let logits: UnsafeMutablePointer<Float>  // (min(T, most streams), vocabulary)
  /// Rows of a stored matrix as floats, while a block of a prompt is multiplied with them.
  let unpacked: UnsafeMutablePointer<Float>
  static let unpackedFloats = 1 << 21
  private let arena: FloatArena

  init(_ config: LlamaConfig, rows: Int, adapterRank: Int) throws(LlamaModelError) {
    self.rows = rows
    let streams = min(rows, InferenceModel.mostStreams)
    var offsets: [Int] = []
    var count = 0
    for floats in [
      rows * config.dim, rows * config.dim, rows * config.qkvWidth, rows * config.attentionWidth,
      rows * 2 * config.feedForward, rows * config.feedForward, rows * max(adapterRank, 1),
      streams * config.vocabulary,
      max(Self.unpackedFloats, config.dim, config.feedForward, config.attentionWidth),
    ] {
      offsets.append(count)
      count += (floats + 15) & ~15
    }
    arena = try FloatArena(count: count)
    stream = arena.base + offsets[0]
    normed = arena.base + offsets[1]
    qkv = arena.base + offsets[2]
    attended = arena.base + offsets[3]
    gateUp = arena.base + offsets[4]
    product = arena.base + offsets[5]
    hidden = arena.base + offsets[6]
    logits = arena.base + offsets[7]
    unpacked = arena.base + offsets[8]
  }
}
