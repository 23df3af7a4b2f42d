internal import CKernels
import Records

/// Inverted dropout of one input in one pass: an element is zeroed with a probability, or divided by what is left of it.
///
/// What is dropped follows from the pass, the place and the element alone, so the backward pass, a recomputation and any
/// number of threads see the same. Source: Srivastava et al., 2014 (JMLR 15), scaled while training as PyTorch does.
struct Dropout {
  /// Room for a dropped input (T, the widest input).
  let buffer: UnsafeMutablePointer<Float>
  private let share: Float
  private let key: UInt64

  /// Nil when nothing is dropped.
  init?(share: Double, pass: UInt64, place: Int, buffer: UnsafeMutablePointer<Float>) {
    guard share > 0 else { return nil }
    self.buffer = buffer
    self.share = Float(share)
    var random = SplitMix64(seed: pass &+ UInt64(place))
    key = random.next()
  }

  /// buffer (count) = drop(x); returns the buffer.
  func apply(_ kernels: Kernels, _ count: Int, _ x: UnsafePointer<Float>) -> UnsafeMutablePointer<Float> {
    ck_dropout(kernels.context, count, key, share, x, nil, buffer)
    return buffer
  }

  /// y (count) += drop(x).
  func apply(
    _ kernels: Kernels, _ count: Int, _ x: UnsafePointer<Float>, addingTo y: UnsafeMutablePointer<Float>
  ) {
    ck_dropout(kernels.context, count, key, share, x, y, y)
  }
}
