import Records

@testable import Curation

/// What the engine must answer, computed the long way: a table for each LCS, a loop over all pairs.
enum RougeLReference {
  static func lcs(_ one: [UInt32], _ other: [UInt32]) -> Int {
    var row = [Int](repeating: 0, count: other.count + 1)
    row.withUnsafeMutableBufferPointer { row in
      for token in one {
        var diagonal = 0
        for place in other.indices {
          let above = row[place + 1]
          row[place + 1] = token == other[place] ? diagonal + 1 : max(above, row[place])
          diagonal = above
        }
      }
    }
    return row[other.count]
  }

  /// rouge-score's expression: `target` is the new text, `prediction` the one it is compared with.
  static func score(target: [UInt32], prediction: [UInt32]) -> Double {
    if target.isEmpty || prediction.isEmpty { return 0 }
    let lcs = Double(lcs(target, prediction))
    let precision = lcs / Double(prediction.count)
    let recall = lcs / Double(target.count)
    return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
  }

  /// Known lists first, then the new ones.
  struct Problem {
    let known: [[UInt32]]
    let new: [[UInt32]]
    /// Groups of both.
    let groups: [UInt32]
    /// Of each new list with each list.
    private let scores: [[Double]]

    init(known: [[UInt32]] = [], new: [[UInt32]], groups: [UInt32]? = nil) {
      self.known = known
      self.new = new
      self.groups = groups ?? [UInt32](repeating: 0, count: known.count + new.count)
      scores = new.map { list in (known + new).map { score(target: list, prediction: $0) } }
    }

    /// The same lists in other groups; scores are not computed again.
    func grouped(_ groups: [UInt32]) -> Problem { Problem(self, groups) }

    private init(_ other: Problem, _ groups: [UInt32]) {
      (known, new, scores) = (other.known, other.new, other.scores)
      self.groups = groups
    }

    /// Scores of new list `item` with those that it is compared with, in their order.
    func compared(_ item: Int, policy: RougeLPolicy, stays: (Int) -> Bool) -> [RougeLNeighbour] {
      let place = known.count + item
      return (0..<known.count + new.count).compactMap { other in
        guard groups[other] == groups[place] else { return nil }
        if other >= known.count {
          if policy == .known { return nil }
          if policy == .isolated, other == place { return nil }
          if policy == .greedy, other >= place || !stays(other - known.count) { return nil }
        }
        return RougeLNeighbour(
          item: other < known.count ? .known(other) : .new(other - known.count), score: scores[item][other])
      }
    }

    func decisions(threshold: Double, policy: RougeLPolicy) -> [RougeLDecision] {
      var decisions: [RougeLDecision] = []
      for item in new.indices {
        let pairs = compared(item, policy: policy) { decisions[$0].isKept }
        let best = ranked(pairs).first
        decisions.append(RougeLDecision(nearest: best.flatMap { $0.score > threshold ? $0 : nil }))
      }
      return decisions
    }

    /// The highest score first; of equal ones the first.
    func ranked(_ pairs: [RougeLNeighbour]) -> [RougeLNeighbour] {
      pairs.enumerated().sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }.map(
        \.element
      )
      .filter { $0.score > 0 }
    }
  }

  /// Lists of a few words each, many of them near-copies of lists before.
  static func lists(
    _ count: Int, words: Int, length: ClosedRange<Int>, random: inout SplitMix64
  ) -> [[UInt32]] {
    var lists: [[UInt32]] = []
    for _ in 0..<count {
      if !lists.isEmpty, random.next(below: 2) == 0 {
        var copy = lists[Int(random.next(below: UInt64(lists.count)))]
        for _ in 0...random.next(below: 6) where !copy.isEmpty {
          let place = Int(random.next(below: UInt64(copy.count)))
          switch random.next(below: 3) {
          case 0: copy[place] = UInt32(random.next(below: UInt64(words)))
          case 1: copy.remove(at: place)
          default: copy.insert(UInt32(random.next(below: UInt64(words))), at: place)
          }
        }
        lists.append(copy)
      } else {
        let size = length.lowerBound + Int(random.next(below: UInt64(length.count)))
        lists.append((0..<size).map { _ in UInt32(random.next(below: UInt64(words))) })
      }
    }
    return lists
  }
}

extension TokenLists {
  init(_ lists: [[UInt32]]) {
    self.init()
    for list in lists { append(list) }
  }
}
