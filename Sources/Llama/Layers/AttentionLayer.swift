internal import CKernels

/// The first half of a block: stream + attention(norm(stream)) · Woᵀ. T tokens, W the width of queries, keys and values.
struct AttentionLayer {
  let norm: Normalization
  let qkv: Linear  // (W, dim)
  let output: Linear  // (dim, heads * headDim)
  let config: LlamaConfig

  /// middle (T, dim) from x (T, dim).
  func forward(
    _ batch: RaggedBatch, _ rotary: RotaryTable, x: UnsafePointer<Float>, kept: Activations.Layer,
    _ buffers: Activations
  ) throws(LlamaModelError) {
    norm.forward(batch.count, x: x, y: buffers.normed)
    qkv.forward(batch.count, x: buffers.normed, y: kept.qkv)
    rotate(batch, rotary, direction: 1, kept.qkv)
    let status = batch.starts.withUnsafeBufferPointer { starts in
      ck_attention_forward(norm.kernels.context, shape(starts), kept.qkv, kept.attended, kept.logSums)
    }
    guard status == 0 else { throw .outOfMemory(bytes: batch.count * config.qkvWidth * 4) }
    output.forward(batch.count, x: kept.attended, addend: x, y: kept.middle)
  }

  /// dStream (T, dim), the gradient of middle, becomes the gradient of x.
  func backward(
    _ batch: RaggedBatch, _ rotary: RotaryTable, x: UnsafePointer<Float>, kept: Activations.Layer,
    _ buffers: Activations
  ) throws(LlamaModelError) {
    output.backward(batch.count, dy: buffers.dStream, x: kept.attended, dx: buffers.dAttended)
    let status = batch.starts.withUnsafeBufferPointer { starts in
      ck_attention_backward(
        norm.kernels.context, shape(starts), kept.qkv, kept.attended, kept.logSums, buffers.dAttended,
        buffers.dQKV)
    }
    guard status == 0 else { throw .outOfMemory(bytes: batch.longest * config.headDim * 12) }
    rotate(batch, rotary, direction: -1, buffers.dQKV)
    norm.forward(batch.count, x: x, y: buffers.normed)
    qkv.backward(batch.count, dy: buffers.dQKV, x: buffers.normed, dx: buffers.dNormed)
    norm.backward(batch.count, x: x, dy: buffers.dNormed, dx: buffers.dStream, partial: buffers.gainPartial)
  }

  /// Turns query and key heads by their positions; `direction` -1 turns gradients back.
  private func rotate(
    _ batch: RaggedBatch, _ rotary: RotaryTable, direction: Float, _ rows: UnsafeMutablePointer<Float>
  ) {
    ck_rope(
      norm.kernels.context, batch.count, config.heads + config.keyValueHeads, config.headDim, config.qkvWidth,
      batch.positions, rotary.cosines, rotary.sines, direction, rows)
  }

  private func shape(_ starts: UnsafeBufferPointer<Int32>) -> ck_attention_shape {
    ck_attention_shape(
      sequences: starts.count - 1, starts: starts.baseAddress, heads: config.heads,
      kv_heads: config.keyValueHeads,
      head_dim: config.headDim, scale: 1 / Float(config.headDim).squareRoot(),
      precision: norm.kernels.precision)
  }
}
