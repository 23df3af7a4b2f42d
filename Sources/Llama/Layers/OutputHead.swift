internal import CKernels

/// The final norm, the output head and the loss, for label rows only and a few hundred of them at a time, so that
/// (T, vocabulary) logits never exist. R label rows, V vocabulary.
struct OutputHead {
  let norm: Normalization
  let head: Linear  // (V, dim)

  /// Sum of losses; with `backward` also dStream (T, dim), zeroed first, and the head's gradients, all of the sum.
  func loss(
    _ batch: RaggedBatch, x: UnsafePointer<Float>, backward: Bool, _ buffers: Activations
  ) -> LossSum {
    let context = norm.kernels.context
    if backward { ck_zero(context, batch.count * norm.dim, buffers.dStream) }
    var total = LossSum()
    var losses = [Double](repeating: 0, count: buffers.headRows)  // (headRows)
    forEachChunk(batch, x: x, buffers) { rows, index, labels in
      ck_cross_entropy(context, rows, head.outputs, buffers.logits, labels, 1, backward ? 1 : 0, &losses)
      for loss in losses[..<rows] { total.sum += loss }
      total.count += rows
      guard backward else { return }
      head.backward(rows, dy: buffers.logits, x: buffers.normed, dx: buffers.dNormed)
      norm.backward(
        rows, index: index, x: x, dy: buffers.dNormed, dx: buffers.dStream, partial: buffers.gainPartial)
    }
    return total
  }

  /// Logits (R, V) of the batch's rows, in order.
  func logits(_ batch: RaggedBatch, x: UnsafePointer<Float>, _ buffers: Activations) -> [Float] {
    var all: [Float] = []
    all.reserveCapacity(batch.rows.count * head.outputs)
    forEachChunk(batch, x: x, buffers) { rows, _, _ in
      all.append(contentsOf: UnsafeBufferPointer(start: buffers.logits, count: rows * head.outputs))
    }
    return all
  }

  /// Fills `buffers.logits` with the next rows' logits and gives their count, tokens and labels to `body`.
  private func forEachChunk(
    _ batch: RaggedBatch, x: UnsafePointer<Float>, _ buffers: Activations,
    _ body: (Int, UnsafePointer<Int32>, UnsafePointer<Int32>?) -> Void
  ) {
    batch.rows.withUnsafeBufferPointer { rows in
      batch.labels.withUnsafeBufferPointer { labels in
        guard let first = rows.baseAddress else { return }
        for start in stride(from: 0, to: rows.count, by: buffers.headRows) {
          let count = min(buffers.headRows, rows.count - start)
          norm.forward(count, index: first + start, x: x, y: buffers.normed)
          head.forward(count, x: buffers.normed, y: buffers.logits)
          body(count, first + start, labels.baseAddress.map { $0 + start })
        }
      }
    }
  }
}
