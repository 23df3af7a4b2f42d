internal import CKernels

/// RMSNorm with a gain: y = gain * x / sqrt(mean(x²) + eps), by rows.
///
/// Source: Zhang and Sennrich, 2019 (arXiv:1910.07467).
struct Normalization {
  let kernels: Kernels
  let dim: Int
  let epsilon: Float
  let gain: UnsafeMutablePointer<Float>  // (dim)
  let gradient: UnsafeMutablePointer<Float>?  // (dim); nil when the gain is frozen

  /// y (R, dim) from the rows of x (T, dim) that `index` names, or the first R.
  func forward(
    _ rows: Int, index: UnsafePointer<Int32>? = nil, x: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>
  ) {
    ck_rmsnorm_forward(kernels.context, rows, dim, index, x, gain, epsilon, y)
  }

  /// dx (T, dim) += the gradient of dy (R, dim), and the gain's gradient.
  func backward(
    _ rows: Int, index: UnsafePointer<Int32>? = nil, x: UnsafePointer<Float>, dy: UnsafePointer<Float>,
    dx: UnsafeMutablePointer<Float>, partial: UnsafeMutablePointer<Float>
  ) {
    ck_rmsnorm_backward(kernels.context, rows, dim, index, x, gain, epsilon, dy, dx, gradient, partial)
  }
}
