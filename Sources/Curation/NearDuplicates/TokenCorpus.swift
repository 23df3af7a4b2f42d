internal import CKernels

/// Several groups of token lists, numbered one after the other.
struct TokenCorpus: Sendable {
  let parts: [TokenLists]
  /// The number of each part's first list, and of all lists.
  let starts: [Int]

  init(_ parts: [TokenLists]) {
    self.parts = parts
    starts = parts.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
  }

  var count: Int { starts.last ?? 0 }
  var tokens: Int { parts.reduce(0) { $0 + $1.ids.count } }

  /// The most grams that a list has.
  func longest(n: Int) -> Int {
    var tokens = 0
    for part in parts {
      part.offsets.withUnsafeBufferPointer { offsets in
        for item in 0..<part.count { tokens = max(tokens, offsets[item + 1] - offsets[item]) }
      }
    }
    return ck_gram_count(tokens, n)
  }

  /// Calls `body` with the memory of every part.
  func withKernels<Result>(_ body: ([ck_token_lists]) -> Result) -> Result {
    func open(_ kernels: [ck_token_lists]) -> Result {
      if kernels.count == parts.count { return body(kernels) }
      return parts[kernels.count].withKernel { open(kernels + [$0]) }
    }
    return open([])
  }
}

extension TokenLists {
  func withKernel<Result>(_ body: (ck_token_lists) -> Result) -> Result {
    ids.withUnsafeBufferPointer { ids in
      offsets.withUnsafeBufferPointer { offsets in
        body(ck_token_lists(ids: ids.baseAddress, offsets: offsets.baseAddress))
      }
    }
  }
}
