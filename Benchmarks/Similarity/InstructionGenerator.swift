import Curation
import Records

/// Token lists like those of a set of generated instructions: words by Zipf's law, a median of 17 tokens and a mean of about
/// 24, one in fourteen long boilerplate, and about one in three a copy with edits of one before it.
struct InstructionGenerator {
  private var random: SplitMix64
  /// Of each word the share of words that come before it.
  private let cumulative: [Double]
  private let templates: [[UInt32]]

  init(seed: UInt64, words: Int = 40_000) {
    var random = SplitMix64(seed: seed)
    var sum = 0.0
    let cumulative: [Double] = (0..<words).map { rank in
      defer { sum += 1 / (Double(rank) + 2.7) }
      return sum
    }
    var templates: [[UInt32]] = []
    for _ in 0..<40 {
      let length = 45 + Int(random.next(below: 120))
      templates.append((0..<length).map { _ in Self.word(&random, cumulative) })
    }
    self.templates = templates
    self.cumulative = cumulative
    self.random = random
  }

  private static func word(_ random: inout SplitMix64, _ cumulative: [Double]) -> UInt32 {
    let place = unit(&random) * (cumulative.last ?? 0)
    var low = 0
    var high = cumulative.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if cumulative[middle] <= place { low = middle } else { high = middle - 1 }
    }
    return UInt32(low)
  }

  private static func unit(_ random: inout SplitMix64) -> Double { Double(random.next() >> 11) * 0x1p-53 }

  private mutating func words(_ count: Int) -> [UInt32] {
    (0..<count).map { _ in Self.word(&random, cumulative) }
  }

  /// A sum of twelve uniform numbers is near enough to a normal one.
  private mutating func length() -> Int {
    var normal = -6.0
    for _ in 0..<12 { normal += Self.unit(&random) }
    // 17 · 1.7^normal
    var length = 17.0
    let factor = normal < 0 ? 1 / 1.7 : 1.7
    for _ in 0..<Int(normal.magnitude) { length *= factor }
    let rest = normal.magnitude - normal.magnitude.rounded(.down)
    length *= 1 + (factor - 1) * rest
    return max(2, Int(length))
  }

  private mutating func edited(_ list: [UInt32]) -> [UInt32] {
    let rate = 0.02 + 0.48 * Self.unit(&random)
    var result: [UInt32] = []
    for word in list {
      let chance = Self.unit(&random)
      if chance < rate * 0.6 {
        result += words(1)
      } else if chance >= rate * 0.8 {
        result.append(word)
        if chance < rate { result += words(1) }
      }
    }
    return result
  }

  /// Words are numbered by how frequent they are.
  mutating func lists(_ count: Int) -> [[UInt32]] {
    var lists: [[UInt32]] = []
    lists.reserveCapacity(count)
    for _ in 0..<count {
      let chance = Self.unit(&random)
      if chance < 0.3, !lists.isEmpty {
        lists.append(edited(lists[Int(random.next(below: UInt64(lists.count)))]))
      } else if chance < 0.35 {
        var list = templates[Int(random.next(below: UInt64(templates.count)))]
        let place = Int(random.next(below: UInt64(list.count)))
        list.insert(contentsOf: words(10 + Int(random.next(below: 60))), at: place)
        lists.append(list)
      } else {
        let length = length()
        lists.append(words(length))
      }
    }
    return lists
  }
}
