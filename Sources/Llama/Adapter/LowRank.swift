internal import CKernels

/// The adapter beside one matrix: y (T, outputs) += scale · drop(x) (T, inputs) · Aᵀ · Bᵀ, a part of y's columns for each
/// module. R rows of A over all modules. Modules with the same input share what is dropped from it.
///
/// All products but those with B's transpose are in single precision, whatever the model's operands are rounded to.
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
  let dropout: Dropout?

  private var rows: Int { place.parts.count * rank }

  func forward(_ tokens: Int, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>) {
    project(tokens, x: x)
    for (index, part) in place.parts.enumerated() {
      ck_gemm(
        kernels.context, CK_NT, kernels.precision, tokens, part.outputs, rank, hidden + index * rank, rows,
        weights + part.b, rank, UnsafePointer(y + part.column), y + part.column, outputs)
    }
  }

  /// What is kept for the way back.
  func project(_ tokens: Int, x: UnsafePointer<Float>) {
    ck_narrow_product(
      kernels.context, CK_NT, tokens, rows, inputs, dropped(tokens, x), inputs, weights + place.a, inputs,
      hidden, rows)
    ck_scale(kernels.context, tokens * rows, scale, hidden)
  }

  /// The gradients of A and B, and dx (T, inputs) += what goes through them.
  func backward(
    _ tokens: Int, dy: UnsafePointer<Float>, x: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) {
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
    let through = dropout?.buffer ?? dx
    ck_gemm(
      kernels.context, CK_NN, kernels.precision, tokens, inputs, rows, dHidden, rows, weights + place.a,
      inputs, dropout == nil ? UnsafePointer(dx) : nil, through, inputs)
    dropout?.apply(kernels, tokens * inputs, through, addingTo: dx)
  }

  /// drop(x), which is x without dropout.
  private func dropped(_ tokens: Int, _ x: UnsafePointer<Float>) -> UnsafePointer<Float> {
    dropout.map { UnsafePointer($0.apply(kernels, tokens * inputs, x)) } ?? x
  }
}
