import Records
import Testing

@testable import Workbench

@Suite struct DistributionTests {
  private static func distribution(_ numbers: [Double]) -> Distribution {
    var distribution = Distribution()
    for number in numbers { distribution.add(number) }
    return distribution
  }

  /// Against sorting: the nearest rank, and every number in exactly one bin.
  @Test(arguments: 0..<60) func agreesWithSorting(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    func numbers() -> [Double] {
      let scale: Double = ([1, 10, 1_000, 1e6] as [Double]).randomElement(using: &random) ?? 1
      let isWhole = Bool.random(using: &random)
      let isSigned = Bool.random(using: &random)
      return (0..<Int.random(in: 0...300, using: &random)).map { _ in
        let number = Double.random(in: (isSigned ? -scale : 0)...scale, using: &random)
        return isWhole ? number.rounded() : number
      }
    }
    let (before, after) = (numbers(), numbers())
    let (one, two) = (Self.distribution(before), Self.distribution(after))
    let bins = Bin.covering(one, two)
    #expect(bins.isEmpty == (before + after).isEmpty)
    #expect(bins.count <= 24)
    for (left, right) in zip(bins, bins.dropFirst()) {
      #expect(left.to <= right.from && left.from < right.from)
    }
    for (numbers, distribution) in [(before, one), (after, two)] {
      let sorted = numbers.sorted()
      let shares = [0, 0.25, 0.5, 0.75, 0.95, 1]
      let ranks = shares.map { share in
        sorted.isEmpty ? 0 : sorted[max(0, Int((share * Double(sorted.count)).rounded(.up)) - 1)]
      }
      #expect(distribution.quantiles(shares) == ranks)
      #expect(distribution.count == numbers.count)
      #expect(distribution.least == sorted.first ?? 0)
      #expect(distribution.greatest == sorted.last ?? 0)
      let counts = distribution.counts(in: bins)
      #expect(counts.reduce(0, +) == numbers.count)
      for (index, bin) in bins.enumerated() {
        let inside = numbers.count { number in
          bin.from == bin.to
            ? number == bin.from
            : number >= bin.from && (number < bin.to || (index == bins.count - 1 && number == bin.to))
        }
        #expect(counts[index] == inside)
      }
    }
  }

  /// Beyond what memory is given for, numbers are rounded, and in which order they come makes no difference.
  @Test func manyNumbersAreRoundedWhateverTheirOrder() {
    var random = SplitMix64(seed: 1)
    let numbers = (0..<200_000).map { _ in Double.random(in: 0...1, using: &random) }
    let (one, two) = (Self.distribution(numbers), Self.distribution(numbers.reversed()))
    let shares = [0.25, 0.5, 0.75]
    #expect(one.quantiles(shares) == two.quantiles(shares))
    #expect(one.values.count <= 65_536)
    let sorted = numbers.sorted()
    for (share, quantile) in zip(shares, one.quantiles(shares)) {
      #expect(abs(quantile - sorted[Int(share * 200_000) - 1]) < 1e-3)
    }
  }

  @Test(arguments: [
    [-1e308, 1e308], [.leastNonzeroMagnitude, .leastNonzeroMagnitude * 9, .leastNormalMagnitude / 3],
    [1e16, 1e16 + 2], [0, .greatestFiniteMagnitude], [-0.0, 0.0],
    [.infinity, .nan, 1],
  ])
  func strangeNumbers(few: [Double]) {
    // More than twelve different ones, so that bins are needed.
    let many =
      few + few.flatMap { number in (0..<20).map { number.isFinite ? number / Double($0 + 1) : number } }
    for numbers in [few, many] {
      let distribution = Self.distribution(numbers)
      let bins = Bin.covering(distribution, Distribution())
      #expect(distribution.counts(in: bins).reduce(0, +) == numbers.count { $0.isFinite })
      for bin in bins { #expect(bin.from.isFinite && bin.to.isFinite && bin.from <= bin.to) }
    }
  }

  @Test func bordersAreRound() {
    let scores = Self.distribution((0...40).map { Double($0) / 40 })
    #expect(
      Bin.covering(scores, Distribution()).map(\.from) == [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1])
    let lengths = Self.distribution((3...400).map { Double($0) })
    #expect(Bin.covering(lengths, Distribution()).map(\.from) == [2, 5, 10, 20, 50, 100, 200])
    let few = Self.distribution([4.5, 5, 3, 5])
    #expect(Bin.covering(few, Distribution()) == [3, 4.5, 5].map { Bin(from: $0, to: $0) })
  }

  @Test func valuesAreCountedAsBytesAndWithinBounds() {
    var tally = ValueTally(none: 0)
    for value in ["caf\u{E9}", "cafe\u{301}", nil, "b", "b"] { tally.add(value) { $0 += 1 } }
    #expect(tally.sorted { $0 }.map { $0.value.map { Array($0.utf8) } }.first == Array("b".utf8))
    #expect(tally.sorted { $0 }.count == 4)
    #expect(tally.sorted { $0 }.last?.value == nil)
    for number in 0..<70_000 { tally.add("value \(number)") { $0 += 1 } }
    #expect(tally.sorted { $0 }.count == 65_536)
    #expect(tally.others == 4_468)
    var long = ValueTally(none: 0)
    long.add(String(repeating: "長", count: 1_000)) { $0 += 1 }
    #expect(long.sorted { $0 }.first?.value == String(repeating: "長", count: 200) + "…")
  }

  @Test func lengthsAreCountedAsElsewhere() {
    func length(_ text: String) -> [Int] {
      let length = TextLength(Array(text.utf8))
      return [length.characters, length.words]
    }
    #expect(length("") == [0, 0])
    #expect(length("Take 5 mg\n twice.") == [17, 4])
    #expect(length("体温 高") == [4, 2])
    #expect(length("e\u{301} ") == [3, 1])
  }
}
