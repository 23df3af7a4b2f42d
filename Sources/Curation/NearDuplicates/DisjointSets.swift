/// A partition of numbers that only grows coarser: union by size with path halving (Tarjan, van Leeuwen 1984).
struct DisjointSets {
  private var parents: [Int]
  private var sizes: [Int]

  /// Each number below `count` by itself.
  init(_ count: Int) {
    parents = Array(0..<count)
    sizes = Array(repeating: 1, count: count)
  }

  /// The number that stands for all that are together with this one.
  mutating func find(_ number: Int) -> Int {
    var number = number
    while parents[number] != number {
      parents[number] = parents[parents[number]]
      number = parents[number]
    }
    return number
  }

  mutating func join(_ one: Int, _ other: Int) {
    let (one, other) = (find(one), find(other))
    guard one != other else { return }
    let (root, child) = sizes[one] >= sizes[other] ? (one, other) : (other, one)
    parents[child] = root
    sizes[root] += sizes[child]
  }
}
