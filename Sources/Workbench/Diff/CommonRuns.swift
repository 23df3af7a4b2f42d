/// A run that two sequences have in common: where it begins in each, and how long it is.
struct CommonRun {
  var old: Int
  var new: Int
  var count: Int
}

/// What two sequences have in common, in order: what is not part of a run was removed or added.
///
/// A shortest edit script (Myers 1986, "An O(ND) difference algorithm") as long as it has few edits, whatever the length
/// of the texts. Beyond that, elements that both have exactly once anchor the rest, as in the patience diff, and short
/// scripts are looked for between them; where those give up too, nothing is in common.
enum CommonRuns {
  /// Edits up to which a shortest script is looked for: time and memory grow with their square.
  private static let mostEdits = 1_000
  private static let mostEditsBetweenAnchors = 250

  static func between(_ old: [Int32], _ new: [Int32]) -> [CommonRun] {
    if let runs = shortestScript(old[...], new[...], most: mostEdits) { return runs }
    var runs: [CommonRun] = []
    var (left, right) = (0, 0)
    for anchor in anchors(old, new) + [CommonRun(old: old.count, new: new.count, count: 0)] {
      runs +=
        shortestScript(old[left..<anchor.old], new[right..<anchor.new], most: mostEditsBetweenAnchors) ?? []
      if anchor.count > 0 { runs.append(anchor) }
      (left, right) = (anchor.old + anchor.count, anchor.new + anchor.count)
    }
    return joined(runs)
  }

  /// Nil when more than `most` edits are needed. Positions are those of the slices' arrays.
  private static func shortestScript(
    _ old: ArraySlice<Int32>, _ new: ArraySlice<Int32>, most: Int
  ) -> [CommonRun]? {
    old.withUnsafeBufferPointer { left in
      new.withUnsafeBufferPointer { right in
        guard let (furthest, edits) = furthestPoints(left, right, most: most) else { return nil }
        return path(through: furthest, edits: edits, left.count, right.count).map { run in
          CommonRun(old: old.startIndex + run.old, new: new.startIndex + run.new, count: run.count)
        }
      }
    }
  }

  /// For each number of edits d and each diagonal k = x - y of those reached with it (-d, -d + 2, … d), the furthest x:
  /// those of d begin at d (d + 1) / 2. And the number of edits that reaches the end.
  private static func furthestPoints(
    _ left: UnsafeBufferPointer<Int32>, _ right: UnsafeBufferPointer<Int32>, most: Int
  ) -> (points: [Int32], edits: Int)? {
    var points: [Int32] = []
    for edits in 0...min(most, left.count + right.count) {
      for diagonal in stride(from: -edits, through: edits, by: 2) {
        var x = 0
        if edits > 0 {
          let before = previous(diagonal, edits, points)
          x = point(points, edits - 1, before) + (before < diagonal ? 1 : 0)
        }
        while x < left.count, x - diagonal < right.count, left[x] == right[x - diagonal] { x += 1 }
        points.append(Int32(truncatingIfNeeded: x))
        if diagonal == left.count - right.count, x >= left.count { return (points, edits) }
      }
    }
    return nil
  }

  private static func point(_ points: [Int32], _ edits: Int, _ diagonal: Int) -> Int {
    Int(points[edits * (edits + 1) / 2 + (diagonal + edits) / 2])
  }

  /// The diagonal that a furthest point comes from: the one above by an addition, the one below by a removal.
  private static func previous(_ diagonal: Int, _ edits: Int, _ points: [Int32]) -> Int {
    if diagonal == -edits { return diagonal + 1 }
    if diagonal == edits { return diagonal - 1 }
    return point(points, edits - 1, diagonal - 1) < point(points, edits - 1, diagonal + 1)
      ? diagonal + 1 : diagonal - 1
  }

  private static func path(through points: [Int32], edits: Int, _ left: Int, _ right: Int) -> [CommonRun] {
    var runs: [CommonRun] = []
    var (x, y) = (left, right)
    for edit in stride(from: edits, to: 0, by: -1) {
      let diagonal = x - y
      let before = previous(diagonal, edit, points)
      let from = point(points, edit - 1, before)
      let start = from + (before < diagonal ? 1 : 0)
      if x > start { runs.append(CommonRun(old: start, new: start - diagonal, count: x - start)) }
      (x, y) = (from, from - before)
    }
    if x > 0 { runs.append(CommonRun(old: 0, new: 0, count: x)) }
    return runs.reversed()
  }

  /// The most elements that both sequences have exactly once and in the same order.
  private static func anchors(_ old: [Int32], _ new: [Int32]) -> [CommonRun] {
    let (left, right) = (places(old), places(new))
    let pairs = left.compactMap { element, place in
      place.flatMap { old in right[element].flatMap { $0 }.map { (old: old, new: $0) } }
    }.sorted { $0.old < $1.old }
    // The longest increasing run of the new places: the last pair of each length, and which one each pair follows.
    var lasts: [Int] = []
    var follows = [Int?](repeating: nil, count: pairs.count)
    for (index, pair) in pairs.enumerated() {
      var (low, high) = (0, lasts.count)
      while low < high {
        let middle = (low + high) / 2
        if pairs[lasts[middle]].new < pair.new { low = middle + 1 } else { high = middle }
      }
      follows[index] = low > 0 ? lasts[low - 1] : nil
      if low == lasts.count { lasts.append(index) } else { lasts[low] = index }
    }
    var found: [CommonRun] = []
    var index = lasts.last
    while let pair = index {
      found.append(CommonRun(old: pairs[pair].old, new: pairs[pair].new, count: 1))
      index = follows[pair]
    }
    return found.reversed()
  }

  /// Where each element is; nil for one that is there more than once.
  private static func places(_ elements: [Int32]) -> [Int32: Int?] {
    var places: [Int32: Int?] = [:]
    for (place, element) in elements.enumerated() {
      places.updateValue(places.keys.contains(element) ? nil : place, forKey: element)
    }
    return places
  }

  /// The same with runs that touch put together.
  private static func joined(_ runs: [CommonRun]) -> [CommonRun] {
    var joined: [CommonRun] = []
    for run in runs {
      if let last = joined.last, last.old + last.count == run.old, last.new + last.count == run.new {
        joined[joined.count - 1].count += run.count
      } else {
        joined.append(run)
      }
    }
    return joined
  }
}
