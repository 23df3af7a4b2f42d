internal import CKernels

/// The adapter beside one matrix: y (T, outputs) += scale · drop(x) (T, inputs) · Aᵀ · Bᵀ, a part of y's columns for each
/// module. R rows of A over all modules. Modules with the same input share what is dropped from it.
struct LowRank {
  let kernels: Kernels
  let place: AdapterLayout.Place
  let rank: Int
  let inputs: Int
  let outputs: Int
  let scale: Float
  let weights: UnsafeMutablePointer<Float>
  let gradients: UnsafeMutablePointer<Float>
  let hidden: UnsafeMutablePointer<Float>  // (T, R) scratch
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

  /// The gradients of A and B, and dx (T, inputs) += what goes through them.
  func backward(
    _ tokens: Int, dy: UnsafePointer<Float>, x: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) {
    let x = project(tokens, x: x)
    for (index, part) in place.parts.enumerated() {
      ck_gemm(
        kernels.context, CK_TN, kernels.precision, part.outputs, rank, tokens, dy + part.column, outputs,
        hidden + index * rank, rows, UnsafePointer(gradients + part.b), gradients + part.b, rank)
      ck_gemm(
        kernels.context, CK_NN, kernels.precision, tokens, rank, part.outputs, dy + part.column, outputs,
        weights + part.b, rank, nil, dHidden + index * rank, rows)
    }
    ck_scale(kernels.context, tokens * rows, scale, dHidden)
    ck_gemm(
      kernels.context, CK_TN, kernels.precision, rows, inputs, tokens, dHidden, rows, x, inputs,
      UnsafePointer(gradients + place.a), gradients + place.a, inputs)
    let through = dropout?.buffer ?? dx
    ck_gemm(
      kernels.context, CK_NN, kernels.precision, tokens, inputs, rows, dHidden, rows, weights + place.a,
      inputs, dropout == nil ? UnsafePointer(dx) : nil, through, inputs)
    dropout?.apply(kernels, tokens * inputs, through, addingTo: dx)
  }

  /// hidden = scale · drop(x) · Aᵀ. Returns drop(x), which is x without dropout.
  @discardableResult
  private func project(_ tokens: Int, x: UnsafePointer<Float>) -> UnsafePointer<Float> {
    let x = dropout.map { UnsafePointer($0.apply(kernels, tokens * inputs, x)) } ?? x
    ck_gemm(
      kernels.context, CK_NT, kernels.precision, tokens, rows, inputs, x, inputs, weights + place.a, inputs,
      nil, hidden, rows)
    ck_scale(kernels.context, tokens * rows, scale, hidden)
    return x
  }
}
