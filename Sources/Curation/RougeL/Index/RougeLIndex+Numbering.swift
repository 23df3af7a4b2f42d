internal import CKernels

extension RougeLIndex {
  /// The lists of an index without some of them, numbered in another order.
  ///
  /// - Parameter numbers: for each item its number in the pool, smaller than ``count`` and of no other item; nil for those
  ///   that are left out.
  public func pool(numbering numbers: [UInt32?]) -> RougeLPool {
    precondition(numbers.count == count)
    let numbered = segments.flatMap { segment in
      segment.buckets.map { NumberedBucket($0, of: segment, numbers) }
    }
    return RougeLPool(count: count, buckets: numbered.map(\.bucket), owner: numbered)
  }
}

/// A bucket of a segment with numbers of its own.
private final class NumberedBucket: @unchecked Sendable {
  let bucket: ck_bucket
  private let segment: RougeLSegment
  private let numbers: UnsafeMutableBufferPointer<UInt32>
  private let groups: UnsafeMutableBufferPointer<UInt32>

  init(_ original: ck_bucket, of segment: RougeLSegment, _ given: [UInt32?]) {
    self.segment = segment
    numbers = .allocate(capacity: original.count)
    groups = .allocate(capacity: original.count)
    for place in 0..<original.count {
      let item = original.numbers[place]
      let number = item < original.end ? given[Int(original.first + item)] : nil
      numbers.initializeElement(at: place, to: number ?? 0)
      // No query is of this group.
      groups.initializeElement(at: place, to: number == nil ? .max : original.groups[place])
    }
    var bucket = original
    bucket.numbers = UnsafePointer(numbers.baseAddress)
    bucket.groups = UnsafePointer(groups.baseAddress)
    bucket.first = 0
    bucket.end = UInt32(given.count)
    self.bucket = bucket
  }

  deinit {
    numbers.deallocate()
    groups.deallocate()
  }
}
