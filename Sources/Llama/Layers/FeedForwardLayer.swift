internal import CKernels

/// The second half of a block: stream + (silu(gate) * up) · Wdᵀ. T tokens, F the feed-forward width.
///
/// Source: Shazeer, "GLU Variants Improve Transformer", 2020 (arXiv:2002.05202).
struct FeedForwardLayer {
  let norm: Normalization
  let gateUp: Linear  // (2F, dim)
  let down: Linear  // (dim, F)

  /// y (T, dim), the next block's stream, from the kept middle (T, dim).
  func forward(_ rows: Int, kept: Activations.Layer, y: UnsafeMutablePointer<Float>, _ buffers: Activations) {
    expand(rows, kept: kept, buffers)
    ck_swiglu_forward(norm.kernels.context, rows, down.inputs, kept.gateUp, buffers.product)
    down.forward(rows, x: buffers.product, addend: kept.middle, y: y)
  }

  /// The kept gate and up (T, 2F) from the kept middle (T, dim).
  private func expand(_ rows: Int, kept: Activations.Layer, _ buffers: Activations) {
    norm.forward(rows, x: kept.middle, y: buffers.normed)
    gateUp.forward(rows, x: buffers.normed, y: kept.gateUp)
  }

  /// All that is kept for the way back, from the kept middle (T, dim).
  func recompute(_ rows: Int, kept: Activations.Layer, _ buffers: Activations) {
    expand(rows, kept: kept, buffers)
    guard let adapter = down.adapter else { return }
    ck_swiglu_forward(norm.kernels.context, rows, down.inputs, kept.gateUp, buffers.product)
    adapter.project(rows, x: buffers.product)
  }

  /// dStream (T, dim), the gradient of y, becomes the gradient of middle.
  func backward(_ rows: Int, kept: Activations.Layer, _ buffers: Activations) {
    let context = norm.kernels.context
    ck_swiglu_forward(context, rows, down.inputs, kept.gateUp, buffers.product)
    down.backward(rows, dy: buffers.dStream, x: buffers.product, dx: buffers.dProduct)
    ck_swiglu_backward(context, rows, down.inputs, kept.gateUp, buffers.dProduct, buffers.dGateUp)
    norm.forward(rows, x: kept.middle, y: buffers.normed)
    gateUp.backward(rows, dy: buffers.dGateUp, x: buffers.normed, dx: buffers.dNormed)
    norm.backward(
      rows, x: kept.middle, dy: buffers.dNormed, dx: buffers.dStream, partial: buffers.gainPartial)
  }
}
