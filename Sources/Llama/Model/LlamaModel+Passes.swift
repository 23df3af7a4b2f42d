internal import CKernels

extension LlamaModel {
  /// Runs one micro-batch forward and backward, adding the gradient of its *summed* loss to the gradients. Dividing by
  /// the label count of the whole batch is `clipGradients(maxNorm:scale:)`'s part, so micro-batches weigh by their labels.
  ///
  /// - Parameter dropout: what the adapter's dropout follows from, another number for every micro-batch; nil drops nothing.
  /// - Throws: `LlamaModelError.invalidSequence`, or `.outOfMemory`.
  @discardableResult
  public func accumulateGradients(
    _ sequences: [TrainingSequence], dropout: UInt64? = nil
  ) throws(LlamaModelError) -> LossSum {
    dropoutKey = dropout
    defer { dropoutKey = nil }
    let batch = try RaggedBatch(sequences, config)
    let buffers = try prepare(batch)
    try forward(batch, buffers, keepsLayers: true)
    let loss = outputHead.loss(batch, x: buffers.stream(config.layers), backward: true, buffers)
    for layer in (0..<config.layers).reversed() {
      let kept = buffers.layer(layer)
      // The last layer's buffers are still its own.
      if recomputes && layer < config.layers - 1 { try recompute(layer, batch, buffers) }
      feedForwardLayer(layer).backward(batch.count, kept: kept, buffers)
      try attentionLayer(layer).backward(batch, rotary, x: buffers.stream(layer), kept: kept, buffers)
    }
    if let embedding = gradient(layout.embedding) {
      ck_embedding_backward(
        kernels.context, batch.count, config.dim, batch.tokens, buffers.dStream, embedding)
    }
    return loss
  }

  /// The loss of sequences, without gradients.
  ///
  /// - Throws: `LlamaModelError.invalidSequence`, or `.outOfMemory`.
  public func loss(_ sequences: [TrainingSequence]) throws(LlamaModelError) -> LossSum {
    let batch = try RaggedBatch(sequences, config)
    let buffers = try prepare(batch)
    let last = try forward(batch, buffers, keepsLayers: false)
    return outputHead.loss(batch, x: last, backward: false, buffers)
  }

  /// Logits (positions.count, vocabulary) after the tokens at `positions` of one sequence.
  ///
  /// - Throws: `LlamaModelError.invalidSequence`, or `.outOfMemory`.
  public func logits(_ tokens: [Int32], at positions: [Int]) throws(LlamaModelError) -> [Float] {
    let batch = try RaggedBatch(tokens: tokens, rows: positions, config)
    let buffers = try prepare(batch)
    let last = try forward(batch, buffers, keepsLayers: false)
    return outputHead.logits(batch, x: last, buffers)
  }

  /// Runs the blocks and returns the final stream (T, dim). Without `keepsLayers` every layer uses the first one's memory.
  @discardableResult
  private func forward(
    _ batch: RaggedBatch, _ buffers: Activations, keepsLayers: Bool
  ) throws(LlamaModelError) -> UnsafeMutablePointer<Float> {
    var x = buffers.stream(0)
    ck_embedding_forward(
      kernels.context, batch.count, config.dim, batch.tokens, weights.base + layout.embedding, x)
    for layer in 0..<config.layers {
      let kept = buffers.layer(keepsLayers ? layer : 0)
      let next = buffers.stream(keepsLayers ? layer + 1 : (layer + 1) & 1)
      try attentionLayer(layer).forward(batch, rotary, x: x, kept: kept, buffers)
      feedForwardLayer(layer).forward(batch.count, kept: kept, y: next, buffers)
      x = next
    }
    return x
  }

  /// Fills the shared buffers with what a layer had computed on the way forward, bit for bit.
  private func recompute(_ layer: Int, _ batch: RaggedBatch, _ buffers: Activations) throws(LlamaModelError) {
    let kept = buffers.layer(layer)
    try attentionLayer(layer).forward(batch, rotary, x: buffers.stream(layer), kept: kept, buffers)
    feedForwardLayer(layer).recompute(batch.count, kept: kept, buffers)
  }
}

extension LlamaModel {
  /// The gradient of what lies at an offset of the weights; nil when the model is frozen.
  private func gradient(_ offset: Int) -> UnsafeMutablePointer<Float>? {
    adapter == nil ? trained.gradients.base + offset : nil
  }

  private func linear(
    _ offset: Int, inputs: Int, outputs: Int, bias: Int? = nil, _ place: AdapterLayout.Place? = nil,
    in layer: Int = 0
  ) -> Linear {
    var linear = Linear(
      kernels: kernels, inputs: inputs, outputs: outputs, weight: weights.base + offset,
      gradient: gradient(offset),
      bias: bias.map { Linear.Bias(value: weights.base + $0, gradient: gradient($0)) })
    if let place, let adapter, let buffers {
      linear.adapter = LowRank(
        kernels: kernels, place: place, rank: adapter.config.rank, inputs: inputs, outputs: outputs,
        scale: adapter.config.scale, weights: trained.weights.base, gradients: trained.gradients.base,
        hidden: buffers.layer(layer).adapter + place.rowsBefore * buffers.capacity,
        dHidden: buffers.dAdapterHidden, blocks: buffers.adapterBlocks,
        dropout: dropoutKey.flatMap {
          Dropout(share: adapter.config.dropout, pass: $0, place: place.a, buffer: buffers.dropped)
        })
    }
    return linear
  }

  private func norm(_ offset: Int) -> Normalization {
    Normalization(
      kernels: kernels, dim: config.dim, epsilon: config.normEpsilon, gain: weights.base + offset,
      gradient: gradient(offset))
  }

  private func attentionLayer(_ index: Int) -> AttentionLayer {
    let place = layout.layers[index]
    let beside = adapter?.layers[index]
    return AttentionLayer(
      norm: norm(place.inputNorm),
      qkv: linear(
        place.qkv, inputs: config.dim, outputs: config.qkvWidth, bias: place.attentionBiases?.qkv,
        beside?.qkv, in: index
      ),
      output: linear(
        place.output, inputs: config.attentionWidth, outputs: config.dim, bias: place.attentionBiases?.output,
        beside?.output, in: index),
      config: config)
  }

  private func feedForwardLayer(_ index: Int) -> FeedForwardLayer {
    let place = layout.layers[index]
    let beside = adapter?.layers[index]
    return FeedForwardLayer(
      norm: norm(place.feedForwardNorm),
      gateUp: linear(
        place.gateUp, inputs: config.dim, outputs: 2 * config.feedForward,
        bias: place.feedForwardBiases?.gateUp, beside?.gateUp, in: index),
      down: linear(
        place.down, inputs: config.feedForward, outputs: config.dim, bias: place.feedForwardBiases?.down,
        beside?.down, in: index))
  }

  private var outputHead: OutputHead {
    OutputHead(
      norm: norm(layout.finalNorm), head: linear(layout.head, inputs: config.dim, outputs: config.vocabulary))
  }
}
