/// Why near-duplicates cannot be searched for.
public enum NearDuplicateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A gram of so many words is not compared.
  case gramLength(Int)
  /// No similarity has this threshold.
  case threshold(Double)
  /// A MinHash signature of so many values is not made.
  case permutations(Int)

  /// One sentence, with the next step where there is one.
  public var description: String {
    switch self {
    case .gramLength(let n):
      "grams of \(n) words are not compared: choose from \(NGramSimilarity.gramLengths.lowerBound) to \(NGramSimilarity.gramLengths.upperBound)"
    case .threshold(let threshold):
      "\(threshold) is no threshold of a similarity: choose a number above 0 and up to 1"
    case .permutations(let permutations):
      "signatures of \(permutations) values are not made: choose from 1 to 65536"
    }
  }
}
