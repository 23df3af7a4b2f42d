internal import CKernels

/// A linear layer: y (T, outputs) = x (T, inputs) · Wᵀ + bias, and its gradients.
struct Linear {
  let kernels: Kernels
  let inputs: Int
  let outputs: Int
  let weight: UnsafeMutablePointer<Float>  // (outputs, inputs)
  let gradient: UnsafeMutablePointer<Float>  // (outputs, inputs)
  var bias: Bias?

  /// A bias and its gradient, both (outputs).
  struct Bias {
    let value: UnsafeMutablePointer<Float>
    let gradient: UnsafeMutablePointer<Float>
  }

  /// y = addend + x · Wᵀ + bias; `addend` (T, outputs) is the residual stream, or nil for zero.
  func forward(
    _ rows: Int, x: UnsafePointer<Float>, addend: UnsafePointer<Float>? = nil, y: UnsafeMutablePointer<Float>
  ) {
    ck_gemm(kernels.context, CK_NT, rows, outputs, inputs, x, inputs, weight, inputs, addend, y, outputs)
    if let bias { ck_bias_forward(kernels.context, rows, outputs, bias.value, y) }
  }

  /// dx (T, inputs) = dy · W.
  func backward(_ rows: Int, dy: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>) {
    ck_gemm(kernels.context, CK_NN, rows, inputs, outputs, dy, outputs, weight, inputs, nil, dx, inputs)
  }

  /// dW += dyᵀ · x, dbias += the sum of dy over its rows.
  func accumulate(_ rows: Int, dy: UnsafePointer<Float>, x: UnsafePointer<Float>) {
    ck_gemm(
      kernels.context, CK_TN, outputs, inputs, rows, dy, outputs, x, inputs, UnsafePointer(gradient),
      gradient, inputs)
    if let bias { ck_bias_backward(kernels.context, rows, outputs, dy, bias.gradient) }
  }
}
