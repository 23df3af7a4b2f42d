internal import CKernels

/// Sets of several groups, numbered one after the other.
struct GramCorpus: @unchecked Sendable {
  // Unchecked because it is only read.
  private let parts: [GramSets]
  private let pointers: Pages<UnsafePointer<ck_gram_set>?>
  /// The sets without their grams: what most of the looking needs lies close together.
  private let copies: Pages<ck_gram_set>
  let count: Int
  /// Grams of the largest set, and of all.
  let longest: Int
  let grams: Int

  init(_ parts: [GramSets]) {
    self.parts = parts
    count = parts.reduce(0) { $0 + $1.count }
    precondition(count < UInt32.max, "more items than can be numbered")
    pointers = Pages(count)
    copies = Pages(count)
    var (item, longest, grams) = (0, 0, 0)
    for part in parts {
      for pointer in part.pointers {
        guard let pointer else { preconditionFailure("every item has a set") }
        pointers[item] = pointer
        copies[item] = pointer.pointee
        let size = Int(pointer.pointee.size)
        longest = max(longest, size)
        grams += size
        item += 1
      }
    }
    self.longest = longest
    self.grams = grams
  }

  /// All sets, for as long as this lives.
  var kernel: UnsafePointer<UnsafePointer<ck_gram_set>?> { UnsafePointer(pointers.base) }

  /// All sets without their grams.
  var heads: UnsafePointer<ck_gram_set> { UnsafePointer(copies.base) }

  /// The set of an item.
  subscript(_ item: Int) -> UnsafePointer<ck_gram_set> {
    guard let pointer = pointers[item] else { preconditionFailure("every item has a set") }
    return pointer
  }

  func size(of item: Int) -> Int { Int(heads[item].size) }

  /// The four words of an item's signature.
  func signature(of item: Int) -> UnsafePointer<UInt64> {
    UnsafeRawPointer(heads + item).advanced(by: 8).assumingMemoryBound(to: UInt64.self)
  }
}
