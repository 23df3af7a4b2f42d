import Records

@testable import Curation

/// Random lists of words, which numbers stand for, with planted near-duplicates, and what there is to find in them by looking at every pair.
struct NearDuplicateCorpus {
  var lists: [[UInt32]] = []

  /// Lists of up to `longest` tokens of a small vocabulary, so that much is alike by chance; half are edited copies.
  init(count: Int, vocabulary: UInt64, longest: UInt64, random: inout SplitMix64) {
    for item in 0..<count {
      if item > 0, random.next(below: 2) == 0 {
        var list = lists[Int(random.next(below: UInt64(item)))]
        for _ in 0..<random.next(below: 4) where !list.isEmpty {
          let place = Int(random.next(below: UInt64(list.count)))
          switch random.next(below: 3) {
          case 0: list.remove(at: place)
          case 1: list.insert(Self.token(below: vocabulary, &random), at: place)
          default: list[place] = Self.token(below: vocabulary, &random)
          }
        }
        lists.append(list)
      } else {
        let length = random.next(below: longest + 1)
        lists.append((0..<length).map { _ in Self.token(below: vocabulary, &random) })
      }
    }
  }

  init(_ lists: [[UInt32]]) { self.lists = lists }

  /// Small numbers and the largest.
  private static func token(below vocabulary: UInt64, _ random: inout SplitMix64) -> UInt32 {
    let number = UInt32(random.next(below: vocabulary))
    return number % 2 == 0 ? number : .max - number
  }

  var tokens: TokenLists {
    var result = TokenLists()
    for list in lists { result.append(list) }
    return result
  }

  /// The sets of grams of texts of these words.
  func sets(_ similarity: NGramSimilarity) -> GramSets {
    let encoder = GramEncoder(.rouge, n: similarity.n)
    var sets = GramSets(n: similarity.n)
    for list in lists { encoder.append(list.map(Self.word).joined(separator: " "), to: &sets) }
    return sets
  }

  /// Different words for different numbers, short and long.
  private static func word(_ number: UInt32) -> String {
    number % 7 == 0 ? "word\(number)of\(UInt64(number) * 1_000_003)" : String(number, radix: 36)
  }

  static func grams(_ list: [UInt32], n: Int) -> Set<[UInt32]> {
    if list.isEmpty { return [] }
    if list.count < n { return [list] }
    return Set((0...list.count - n).map { Array(list[$0..<$0 + n]) })
  }

  static func score(
    _ one: Set<[UInt32]>, _ other: Set<[UInt32]>, _ measure: NGramSimilarity.Measure
  ) -> Double {
    let common = Double(one.intersection(other).count)
    switch measure {
    case .jaccard: return common / Double(one.union(other).count)
    case .dice: return 2 * common / Double(one.count + other.count)
    case .overlap: return common / Double(min(one.count, other.count))
    }
  }

  func links(_ similarity: NGramSimilarity) -> [DuplicateLink] {
    let sets = lists.map { Self.grams($0, n: similarity.n) }
    var links: [DuplicateLink] = []
    for (first, one) in sets.enumerated() where !one.isEmpty {
      for (second, other) in sets.enumerated().dropFirst(first + 1) where !other.isEmpty {
        let score = Self.score(one, other, similarity.measure)
        if score >= similarity.threshold { links.append(DuplicateLink(first, second, score: score)) }
      }
    }
    return links
  }
}
