internal import CKernels

/// A linear layer: y (T, outputs) = x (T, inputs) · Wᵀ + bias, with an adapter beside it or not, and its gradients.
struct Linear {
  let kernels: Kernels
  let inputs: Int
  let outputs: Int
  let weight: UnsafeMutablePointer<Float>  // (outputs, inputs)
  let gradient: UnsafeMutablePointer<Float>?  // (outputs, inputs); nil when the weight is frozen
  var bias: Bias?
  var adapter: LowRank?

  /// A bias and its gradient, both (outputs).
  struct Bias {
    let value: UnsafeMutablePointer<Float>
    /// Nil when the bias is frozen.
    let gradient: UnsafeMutablePointer<Float>?
  }

  /// y = addend + x · Wᵀ + bias; `addend` (T, outputs) is the residual stream, or nil for zero.
  func forward(
    _ rows: Int, x: UnsafePointer<Float>, addend: UnsafePointer<Float>? = nil, y: UnsafeMutablePointer<Float>
  ) {
    let tail = adapter?.forward(rows, x: x) ?? ck_tail()
    ck_gemm_with_tail(
      kernels.context, CK_NT, kernels.precision, rows, outputs, inputs, x, inputs, weight, inputs, tail,
      addend, y, outputs)
    if let bias { ck_bias_forward(kernels.context, rows, outputs, bias.value, y) }
  }

  /// dx (T, inputs) = dy · W, dW += dyᵀ · x, and dbias += the sum of dy over its rows.
  func backward(
    _ rows: Int, dy: UnsafePointer<Float>, x: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>
  ) {
    if let gradient {
      ck_gemm(
        kernels.context, CK_TN, kernels.precision, outputs, inputs, rows, dy, outputs, x, inputs,
        UnsafePointer(gradient), gradient, inputs)
    }
    if let gradient = bias?.gradient { ck_bias_backward(kernels.context, rows, outputs, dy, gradient) }
    let tail = adapter?.backward(rows, dy: dy, x: x) ?? ck_tail()
    ck_gemm_with_tail(
      kernels.context, CK_NN, kernels.precision, rows, inputs, outputs, dy, outputs, weight, inputs, tail,
      nil,
      dx, inputs)
    adapter?.passThrough(rows, dx: dx)
  }
}
