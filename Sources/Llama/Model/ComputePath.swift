internal import CKernels

/// The instruction set the kernels use. Each gives the same results up to rounding.
public enum ComputePath: Sendable, CaseIterable {
  /// The widest this processor has.
  case best
  /// Any processor.
  case portable
  /// 256-bit vectors with fused multiply-add.
  case avx2
  /// 512-bit vectors.
  case avx512
  /// 512-bit vectors, and products of bfloat16.
  case avx512BF16

  /// The same choice in the kernels' terms.
  var isa: ck_isa {
    switch self {
    case .best: CK_BEST
    case .portable: CK_PORTABLE
    case .avx2: CK_AVX2
    case .avx512: CK_AVX512
    case .avx512BF16: CK_AVX512_BF16
    }
  }
}
