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

  func withTokens<Result>(of item: Int, _ body: (UnsafePointer<UInt32>?, Int) -> Result) -> Result {
    var part = 0
    while starts[part + 1] <= item { part += 1 }
    let lists = parts[part]
    let start = lists.offsets[item - starts[part]]
    let count = lists.offsets[item - starts[part] + 1] - start
    return lists.ids.withUnsafeBufferPointer { body($0.baseAddress.map { $0 + start }, count) }
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
