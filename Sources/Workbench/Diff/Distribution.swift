/// How numbers are distributed, in bounded memory.
///
/// Exact as long as there are at most 65,536 different numbers. Beyond that their last binary digits are cut off, as many
/// as it takes: what comes out does not depend on the order in which the numbers came.
public struct Distribution: Sendable {
  /// How many numbers.
  public private(set) var count = 0
  /// The least; 0 of none.
  public private(set) var least = 0.0
  /// The greatest; 0 of none.
  public private(set) var greatest = 0.0
  private var sum = 0.0
  private var counts: [Double: Int] = [:]
  /// The low bits of a number's pattern that are cut off.
  private var cut: UInt64 = 0

  private static let mostValues = 65_536

  init() {}

  mutating func add(_ number: Double) {
    guard number.isFinite else { return }
    least = count == 0 ? number : min(least, number)
    greatest = count == 0 ? number : max(greatest, number)
    count += 1
    sum += number
    counts[rounded(number), default: 0] += 1
    while counts.count > Self.mostValues {
      cut += 1
      let finer = counts
      counts = [:]
      for (number, count) in finer { counts[rounded(number), default: 0] += count }
    }
  }

  private func rounded(_ number: Double) -> Double {
    // Both zeros are one number, and their patterns are two.
    number == 0 ? 0 : Double(bitPattern: (number.bitPattern >> cut) << cut)
  }

  /// Their mean; 0 of none.
  public var mean: Double { count == 0 ? 0 : sum / Double(count) }

  /// The different numbers, ascending, with how often each was there.
  var values: [(number: Double, count: Int)] {
    counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// The number below or at which each share of all lies: the nearest rank, so one of the numbers themselves.
  ///
  /// - Parameter shares: ascending, between 0 and 1.
  public func quantiles(_ shares: [Double]) -> [Double] {
    guard count > 0 else { return shares.map { _ in 0 } }
    var found: [Double] = []
    var seen = 0
    for (number, times) in values {
      seen += times
      while found.count < shares.count,
        seen >= max(1, Int((shares[found.count] * Double(count)).rounded(.up)))
      {
        found.append(number)
      }
    }
    return found + shares.dropFirst(found.count).map { _ in greatest }
  }

  /// How many of the numbers lie in each bin.
  public func counts(in bins: [Bin]) -> [Int] {
    var found = [Int](repeating: 0, count: bins.count)
    var bin = 0
    for (number, times) in values {
      while bin < bins.count - 1, number >= bins[bin].to, number > bins[bin].from { bin += 1 }
      if bins.indices.contains(bin) { found[bin] += times }
    }
    return found
  }
}
