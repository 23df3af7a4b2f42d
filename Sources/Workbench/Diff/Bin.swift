/// A stretch of numbers that a histogram counts together.
public struct Bin: Sendable, Equatable {
  /// The least number in it.
  public var from: Double
  /// The first number beyond it, unless it is the last bin; the same as `from` for a bin of one number.
  public var to: Double

  /// Different numbers up to which each has a bin of its own.
  private static let mostSingles = 12
  /// Bins of equal width, about.
  private static let wanted = 10.0

  /// Bins with round borders that hold the numbers of both distributions: one for each number when there are few, bins
  /// of equal width, or the steps 1, 2, 5, 10, 20, … when the numbers reach over more than one power of ten.
  static func covering(_ before: Distribution, _ after: Distribution) -> [Bin] {
    let (one, two) = (before.values, after.values)
    guard let least = [one.first?.number, two.first?.number].compactMap({ $0 }).min(),
      let greatest = [one.last?.number, two.last?.number].compactMap({ $0 }).max()
    else { return [] }
    if one.count <= mostSingles, two.count <= mostSingles {
      let numbers = Set(one.map(\.number)).union(two.map(\.number))
      if numbers.count <= mostSingles { return numbers.sorted().map { Bin(from: $0, to: $0) } }
    }
    let edges =
      least >= 0 && greatest > 20 * max(1, least)
      ? steps(from: least, to: greatest) : evenly(from: least, to: greatest)
    return zip(edges, edges.dropFirst()).map { Bin(from: $0, to: $1) }
  }

  /// Edges at 0, 1, 2, 5, 10, 20, 50, …
  private static func steps(from least: Double, to greatest: Double) -> [Double] {
    var edges = [0.0]
    var power = 1.0
    while let last = edges.last, last <= greatest, power < 1e300 {
      edges += [power, 2 * power, 5 * power]
      power *= 10
    }
    let first = edges.lastIndex { $0 <= least } ?? 0
    guard let end = edges.firstIndex(where: { $0 > greatest }) else { return [least, greatest] }
    return Array(edges[first...end])
  }

  /// Edges at multiples of 1, 2 or 5 times a power of ten.
  private static func evenly(from least: Double, to greatest: Double) -> [Double] {
    let all = [least, greatest]
    let rough = (greatest - least) / wanted
    guard rough > 1e-20, rough < 1e300 else { return all }
    // Powers of ten below one are no binary fractions: divided by, they give the edges that people write.
    var (up, down) = (1.0, 1.0)
    while up * 10 <= rough { up *= 10 }
    while up / down > rough { down *= 10 }
    let factor = [1, 2, 5, 10].first { $0 * up / down >= rough } ?? 10
    let start = (least / (factor * up / down)).rounded(.down)
    var edges: [Double] = []
    for number in 0..<16 {
      let edge = (start + Double(number)) * factor * up / down
      if edge > edges.last ?? -.infinity { edges.append(edge) }
      if edge > greatest { break }
    }
    // Numbers so close together, for their size, that multiples cannot tell them apart.
    guard let first = edges.first, let last = edges.last, first <= least, last > greatest else { return all }
    return edges
  }
}
