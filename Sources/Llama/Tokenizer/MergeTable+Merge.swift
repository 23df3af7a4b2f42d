extension MergeTable {
  /// Longest piece merged by rescanning; above it a queue keeps the cost at n log n.
  static let rescanLimit = 96

  /// Appends the tokens that `symbols` become: the pair of lowest rank is merged, leftmost first, until none is left.
  func merge(_ symbols: UnsafeMutableBufferPointer<Int32>, into tokens: inout [Int32]) {
    if symbols.count <= Self.rescanLimit {
      mergeByRescanning(symbols, into: &tokens)
    } else {
      mergeByQueue(symbols, into: &tokens)
    }
  }

  func mergeByRescanning(_ symbols: UnsafeMutableBufferPointer<Int32>, into tokens: inout [Int32]) {
    var count = symbols.count
    guard count > 1 else { return tokens.append(contentsOf: symbols) }
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { ranks in
      ranks.initialize(repeating: Self.none)
      for index in 0..<(count - 1) { ranks[index] = lookup(symbols[index], symbols[index + 1]) }
      while count > 1 {
        var best = Self.none
        var place = 0
        // Ranks alone: of equal ones the leftmost comes first, whatever it becomes.
        for index in 0..<(count - 1) where ranks[index] >> 32 < best >> 32 {
          best = ranks[index]
          place = index
        }
        if best == Self.none { break }
        symbols[place] = Int32(truncatingIfNeeded: best)
        count -= 1
        for index in (place + 1)..<max(count, place + 1) {
          symbols[index] = symbols[index + 1]
          ranks[index] = ranks[index + 1]
        }
        if place > 0 { ranks[place - 1] = lookup(symbols[place - 1], symbols[place]) }
        if place + 1 < count { ranks[place] = lookup(symbols[place], symbols[place + 1]) }
      }
    }
    tokens.append(contentsOf: symbols[..<count])
  }

  /// The same result through a linked list of symbols and a heap of candidate merges.
  func mergeByQueue(_ symbols: UnsafeMutableBufferPointer<Int32>, into tokens: inout [Int32]) {
    let count = symbols.count
    var previous = (0..<count).map { $0 - 1 }
    var next = (0..<count).map { $0 + 1 }
    var queue = CandidateHeap()
    for index in 0..<max(count - 1, 0) {
      queue.push(lookup(symbols[index], symbols[index + 1]), at: index)
    }
    while let candidate = queue.pop() {
      let place = candidate.place
      let right = next[place]
      // A symbol that was merged away is -1; a pair that changed since has another value.
      guard symbols[place] >= 0, right < count, lookup(symbols[place], symbols[right]) == candidate.merge
      else {
        continue
      }
      symbols[place] = Int32(truncatingIfNeeded: candidate.merge)
      symbols[right] = -1
      let after = next[right]
      next[place] = after
      if after < count {
        previous[after] = place
        queue.push(lookup(symbols[place], symbols[after]), at: place)
      }
      if previous[place] >= 0 {
        queue.push(lookup(symbols[previous[place]], symbols[place]), at: previous[place])
      }
    }
    for symbol in symbols where symbol >= 0 { tokens.append(symbol) }
  }
}

/// A binary heap of possible merges: lowest rank first, then leftmost.
private struct CandidateHeap {
  private var items: [(merge: UInt64, place: Int)] = []

  private static func precedes(
    _ one: (merge: UInt64, place: Int), _ other: (merge: UInt64, place: Int)
  ) -> Bool {
    (one.merge >> 32, one.place) < (other.merge >> 32, other.place)
  }

  mutating func push(_ merge: UInt64, at place: Int) {
    guard merge != MergeTable.none else { return }
    items.append((merge, place))
    var child = items.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard Self.precedes(items[child], items[parent]) else { break }
      items.swapAt(child, parent)
      child = parent
    }
  }

  mutating func pop() -> (merge: UInt64, place: Int)? {
    guard let first = items.first, let last = items.popLast() else { return nil }
    guard !items.isEmpty else { return first }
    items[0] = last
    var parent = 0
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < items.count && Self.precedes(items[child], items[smallest]) {
        smallest = child
      }
      if smallest == parent { return first }
      items.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
