internal import CKernels

/// The adapter beside one matrix: y (T, outputs) += scale · drop(x) (T, inputs) · Aᵀ · Bᵀ, a part of y's columns for each
/// module. R rows of A over all modules. Modules with the same input share what is dropped from it.
///
/// Its thin products are in single precision, whatever the model's operands are rounded to.
struct LowRank {
  let kernels: Kernels
  let place: AdapterLayout.Place
  let rank: Int
  let inputs: Int
  let outputs: Int
  let scale: Float
  let weights: UnsafeMutablePointer<Float>
  let gradients: UnsafeMutablePointer<Float>
  let hidden: UnsafeMutablePointer<Float>  // (T, R): scale · drop(x) · Aᵀ, kept for the way back
  let dHidden: UnsafeMutablePointer<Float>  // (T, R) scratch
  let blocks: UnsafeMutablePointer<Float>  // (outputs, R) scratch
  let dropout: Dropout?

  private var rows: Int { place.parts.count * rank }

  /// What is kept for the way back.
  func project(_ tokens: Int, x: UnsafePointer<Float>) {
    ck_narrow_product(
      kernels.context, CK_NT, tokens, rows, inputs, dropped(tokens, x), inputs, weights + place.a, inputs,
      hidden, rows)
    ck_scale(kernels.context, tokens * rows, scale, hidden)
  }

  /// What is added to y: hidden · (B of every part, where its columns are)ᵀ.
  func forward(_ tokens: Int, x: UnsafePointer<Float>) -> ck_tail {
    project(tokens, x: x)
    if place.parts.count == 1, let only = place.parts.first, only.outputs == outputs {
      return ck_tail(k: rank, a: hidden, lda: rows, b: weights + only.b, ldb: rank)
    }
    blocks.update(repeating: 0, count: outputs * rows)
    for (index, part) in place.parts.enumerated() {
      for row in 0..<part.outputs {
        (blocks + (part.column + row) * rows + index * rank).update(
          from: weights + part.b + row * rank, count: rank)
      }
    }
    return ck_tail(k: rows, a: hidden, lda: rows, b: blocks, ldb: rows)
  }

  /// The gradients of A and B, and what is added to dx (T, inputs): dHidden · A. With dropout `passThrough` adds it instead.
  func backward(_ tokens: Int, dy: UnsafePointer<Float>, x: UnsafePointer<Float>) -> ck_tail {
    for (index, part) in place.parts.enumerated() {
      // dB += dyᵀ · hidden, as the transpose of hiddenᵀ · dy.
      ck_narrow_outer(
        kernels.context, rank, part.outputs, tokens, hidden + index * rank, rows, dy + part.column, outputs,
        gradients + part.b, 1, rank)
      ck_narrow_product(
        kernels.context, CK_NN, tokens, rank, part.outputs, dy + part.column, outputs, weights + part.b, rank,
        dHidden + index * rank, rows)
    }
    ck_scale(kernels.context, tokens * rows, scale, dHidden)
    ck_narrow_outer(
      kernels.context, rows, inputs, tokens, dHidden, rows, dropped(tokens, x), inputs, gradients + place.a,
      inputs, 1)
    return dropout == nil
      ? ck_tail(k: rows, a: dHidden, lda: rows, b: weights + place.a, ldb: inputs) : ck_tail()
  }

  /// dx (T, inputs) += drop(dHidden · A), after `backward`; nothing without dropout.
  func passThrough(_ tokens: Int, dx: UnsafeMutablePointer<Float>) {
    guard let dropout else { return }
    ck_gemm(
      kernels.context, CK_NN, kernels.precision, tokens, inputs, rows, dHidden, rows, weights + place.a,
      inputs, nil, dropout.buffer, inputs)
    dropout.apply(kernels, tokens * inputs, dropout.buffer, addingTo: dx)
  }

  /// drop(x), which is x without dropout.
  private func dropped(_ tokens: Int, _ x: UnsafePointer<Float>) -> UnsafePointer<Float> {
    dropout.map { UnsafePointer($0.apply(kernels, tokens * inputs, x)) } ?? x
  }
}
