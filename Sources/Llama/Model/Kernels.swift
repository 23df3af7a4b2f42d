internal import CKernels

/// Owns a kernel context: its threads, scratch memory and instruction set.
final class Kernels {
  let context: OpaquePointer
  /// What the operands of matrix products are rounded to.
  let precision: ck_precision

  init(threads: Int, path: ComputePath, precision: Precision = .f32) throws(LlamaModelError) {
    guard let context = ck_context_create(Int32(clamping: threads), path.isa) else {
      throw .unavailable(path)
    }
    self.context = context
    self.precision = precision.kernels
  }

  deinit { ck_context_destroy(context) }

  /// The instruction set in use.
  var name: String { String(cString: ck_context_isa_name(context)) }
}
