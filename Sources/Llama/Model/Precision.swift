internal import CKernels

/// What the operands of matrix products are rounded to. Weights, sums and the optimiser's state are single precision
/// either way.
public enum Precision: String, Sendable, CaseIterable {
  /// Single precision.
  case f32
  /// bfloat16: eight bits of significand, and twice the speed where the processor multiplies it.
  case bf16

  /// The same choice in the kernels' terms.
  var kernels: ck_precision {
    switch self {
    case .f32: CK_F32
    case .bf16: CK_BF16
    }
  }
}
