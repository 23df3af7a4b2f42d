internal import CKernels

/// Zeroed floats in pages of their own, given back when the arena goes. Pages never touched cost no memory.
final class FloatArena {
  let base: UnsafeMutablePointer<Float>
  let count: Int

  init(count: Int) throws(LlamaModelError) {
    let (bytes, overflow) = max(count, 1).multipliedReportingOverflow(by: 4)
    guard !overflow, let pages = ck_pages_allocate(bytes) else {
      throw .outOfMemory(bytes: overflow ? Int.max : bytes)
    }
    self.count = max(count, 1)
    base = pages.bindMemory(to: Float.self, capacity: self.count)
  }

  deinit { ck_pages_free(base, count * 4) }
}
