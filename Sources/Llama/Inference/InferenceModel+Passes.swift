internal import CKernels

extension InferenceModel {
  /// Rows of a prompt that are computed together.
  static let blockRows = 512
  /// Fewer rows than this are multiplied with the stored weights; more are worth unpacking them.
  private static let fewRows = 12

  /// Runs tokens that follow those in the cache, and leaves the logits after the last one as those of stream 0.
  ///
  /// Throws `LlamaModelError.invalidSequence` for tokens that the model has not or the cache has no room for, `.outOfMemory`.
  public func prefill(_ tokens: [Int32], into cache: KeyValueCache) throws {
    try check(tokens, cache, stream: 0)
    try reserve(rows: min(tokens.count, Self.blockRows))
    var done = 0
    while done < tokens.count {
      let block = Array(tokens[done..<min(done + Self.blockRows, tokens.count)])
      let places = block.indices.map { (cache: cache, position: cache.count + $0) }
      try blocks(block, places, isSingle: false)
      cache.count += block.count
      done += block.count
      if done == tokens.count { try computeLogits(firstRow: block.count - 1, rows: 1) }
    }
  }

  /// Runs one token of each stream, and leaves the logits after it as those of the stream's place in the list.
  ///
  /// Throws as `prefill` does.
  public func decode(_ streams: [(token: Int32, cache: KeyValueCache)]) throws {
    precondition(streams.count <= Self.mostStreams, "too many streams")
    guard !streams.isEmpty else { return }
    for (index, stream) in streams.enumerated() { try check([stream.token], stream.cache, stream: index) }
    try reserve(rows: streams.count)
    try blocks(
      streams.map(\.token), streams.map { (cache: $0.cache, position: $0.cache.count) }, isSingle: true)
    for stream in streams { stream.cache.count += 1 }
    try computeLogits(firstRow: 0, rows: streams.count)
  }

  /// Lends the logits (vocabulary) of a stream of the last pass; they may be changed.
  public func withLogits<Result>(
    of stream: Int, _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    precondition(stream >= 0 && stream < min(buffers.rows, Self.mostStreams), "no such stream")
    return try body(
      UnsafeMutableBufferPointer(
        start: buffers.logits + stream * config.vocabulary, count: config.vocabulary))
  }

  private func check(_ tokens: [Int32], _ cache: KeyValueCache, stream: Int) throws(LlamaModelError) {
    func refuse(_ reason: String) -> LlamaModelError { .invalidSequence(sequence: stream, reason: reason) }
    guard !tokens.isEmpty else { throw refuse("it has no tokens") }
    if let token = tokens.first(where: { $0 < 0 || Int($0) >= config.vocabulary }) {
      throw refuse("token \(token) is outside of the vocabulary of \(config.vocabulary)")
    }
    guard cache.count + tokens.count <= min(cache.capacity, context) else {
      throw refuse(
        "\(cache.count + tokens.count) tokens are more than the \(min(cache.capacity, context)) there is room for"
      )
    }
  }

  /// Runs the rows through all blocks; `stream` has them afterwards.
  private func blocks(
    _ tokens: [Int32], _ places: [(cache: KeyValueCache, position: Int)], isSingle: Bool
  ) throws {
    let rows = tokens.count
    // Steps always multiply with the stored weights, so that a stream's numbers do not depend on how many others there are.
    let isStored = isSingle || rows < Self.fewRows
    ck_stored_gather(kernels.context, embedding, rows, tokens, buffers.stream)
    for (index, layer) in layers.enumerated() {
      normalize(rows, gain: layer.inputNorm)
      let width = config.qkvWidth
      try multiply(
        rows, isStored, buffers.normed, config.dim,
        [
          output(layer.query, buffers.qkv, width),
          output(layer.key, buffers.qkv + config.attentionWidth, width),
          output(
            layer.value, buffers.qkv + config.attentionWidth + config.keyValueHeads * config.headDim, width),
        ])
      try attend(index, places, isSingle: isSingle)
      try multiply(
        rows, isStored, buffers.attended, config.attentionWidth,
        [output(layer.output, buffers.stream, config.dim, addend: buffers.stream)])
      normalize(rows, gain: layer.feedForwardNorm)
      try feedForward(layer, rows, isStored)
      try multiply(
        rows, isStored, buffers.product, config.feedForward,
        [output(layer.down, buffers.stream, config.dim, addend: buffers.stream)])
    }
  }

  private func output(
    _ linear: StoredLinear, _ y: UnsafeMutablePointer<Float>, _ stride: Int,
    addend: UnsafePointer<Float>? = nil
  ) -> StoredLinear.Output {
    StoredLinear.Output(linear: linear, y: y, stride: stride, addend: addend)
  }

  private func normalize(_ rows: Int, gain: UnsafePointer<Float>) {
    ck_rmsnorm_forward(
      kernels.context, rows, config.dim, nil, buffers.stream, gain, config.normEpsilon, buffers.normed)
  }

  private func attend(
    _ layer: Int, _ places: [(cache: KeyValueCache, position: Int)], isSingle: Bool
  ) throws(LlamaModelError) {
    let tokens = places.enumerated().map { row, place in
      ck_cached_token(
        qkv: buffers.qkv + row * config.qkvWidth, out: buffers.attended + row * config.attentionWidth,
        keys: place.cache.keys(layer), values: place.cache.values(layer), capacity: place.cache.capacity,
        position: place.position)
    }
    let status = rotary.cosines.withUnsafeBufferPointer { cosines in
      rotary.sines.withUnsafeBufferPointer { sines in
        ck_cached_attention(
          kernels.context,
          ck_cached_shape(
            heads: config.heads, kv_heads: config.keyValueHeads, head_dim: config.headDim,
            scale: 1 / Float(config.headDim).squareRoot(), window: config.slidingWindow ?? 0,
            interleaved: tensors.isInterleaved ? 1 : 0, cosines: cosines.baseAddress, sines: sines.baseAddress
          ),
          tokens.count, tokens, isSingle ? 1 : 0)
      }
    }
    guard status == 0 else { throw .outOfMemory(bytes: 16 * context) }
  }

  /// product (T, F) = silu(gate) * up.
  private func feedForward(_ layer: InferenceLayer, _ rows: Int, _ isStored: Bool) throws {
    let wide = config.feedForward
    if layer.isFused, isStored {
      let status = ck_stored_swiglu(
        kernels.context, layer.gate.matrix, layer.gate.bias, layer.up.matrix, layer.up.bias, rows,
        buffers.normed, config.dim, buffers.product)
      guard status == 0 else { throw LlamaModelError.outOfMemory(bytes: rows * config.dim * 4) }
      return
    }
    try multiply(
      rows, isStored, buffers.normed, config.dim,
      [output(layer.gate, buffers.gateUp, 2 * wide), output(layer.up, buffers.gateUp + wide, 2 * wide)])
    ck_swiglu_forward(kernels.context, rows, wide, buffers.gateUp, buffers.product)
  }

  private func computeLogits(firstRow: Int, rows: Int) throws {
    ck_rmsnorm_forward(
      kernels.context, rows, config.dim, nil, buffers.stream + firstRow * config.dim, finalNorm,
      config.normEpsilon, buffers.normed)
    let head = StoredLinear(matrix: head, bias: nil)
    try multiplyStored(
      rows, buffers.normed, config.dim, [output(head, buffers.logits, config.vocabulary)])
  }
}
