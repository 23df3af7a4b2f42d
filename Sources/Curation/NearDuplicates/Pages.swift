internal import CKernels

/// Memory of zeros for many elements, straight from the system: what is never touched costs nothing.
///
/// Unchecked because who made it decides when it is written; shared ones are only read.
final class Pages<Element: BitwiseCopyable>: @unchecked Sendable {
  let count: Int
  let base: UnsafeMutablePointer<Element>
  private let bytes: Int

  /// Ends the process when there is not enough memory, as arrays do.
  init(_ count: Int) {
    let (bytes, overflow) = max(1, count).multipliedReportingOverflow(by: MemoryLayout<Element>.stride)
    guard !overflow, let pages = ck_pages_allocate(bytes) else {
      preconditionFailure("not enough memory for \(count) elements")
    }
    self.count = count
    self.bytes = bytes
    base = pages.bindMemory(to: Element.self, capacity: max(1, count))
  }

  deinit { ck_pages_free(base, bytes) }

  subscript(_ index: Int) -> Element {
    get { base[index] }
    set { base[index] = newValue }
  }

  subscript(_ index: UInt32) -> Element {
    get { base[Int(index)] }
    set { base[Int(index)] = newValue }
  }
}
