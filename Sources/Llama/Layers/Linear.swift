internal import CKernels

/// A linear layer without bias: y (T, outputs) = x (T, inputs) · Wᵀ, with an adapter beside it or not, and its gradients.
struct Linear {
  let kernels: Kernels
  let inputs: Int
  let outputs: Int
  let weight: UnsafeMutablePointer<Float>  // (outputs, inputs)
  let gradient: UnsafeMutablePointer<Float>?  // (outputs, inputs); nil when the weight is frozen
  var adapter: LowRank?

  /// y = addend + x · Wᵀ; `addend` (T, outputs) is the residual stream, or nil for zero.
  func forward(
    _ rows: Int, x: UnsafePointer<Float>, addend: UnsafePointer<Float>? = nil, y: UnsafeMutablePointer<Float>
  ) {
    ck_gemm(
      kernels.context, CK_NT, kernels.precision, rows, outputs, inputs, x, inputs, weight, inputs, addend, y,
      outputs)
    adapter?.forward(rows, x: x, y: y)
  }

  /// dx (T, inputs) = dy · W, and dW += dyᵀ · x.
  func backward(
    _ rows: Int, dy: UnsafePointer<Float>, x: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) {
    if let gradient {
      ck_gemm(
        kernels.context, CK_TN, kernels.precision, outputs, inputs, rows, dy, outputs, x, inputs,
        UnsafePointer(gradient), gradient, inputs)
    }
    ck_gemm(
      kernels.context, CK_NN, kernels.precision, rows, inputs, outputs, dy, outputs, weight, inputs, nil, dx,
      inputs)
    adapter?.backward(rows, dy: dy, x: x, dx: dx)
  }
}
