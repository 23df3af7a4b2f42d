internal import CKernels

/// Owns a kernel context: its threads, scratch memory and instruction set.
final class Kernels {
  let context: OpaquePointer

  init(threads: Int, path: ComputePath) throws(LlamaModelError) {
    guard let context = ck_context_create(Int32(clamping: threads), path.isa) else {
      throw .unavailable(path)
    }
    self.context = context
  }

  deinit { ck_context_destroy(context) }

  /// The instruction set in use.
  var name: String { String(cString: ck_context_isa_name(context)) }
}
