/// Why contamination cannot be searched for.
public enum DecontaminationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Runs of so many words are not searched for.
  case runLength(Int)
  /// Nothing is in more evaluation items than this, or everything is.
  case boilerplate(Decontamination.BoilerplateLimit)

  /// One sentence, with the next step where there is one.
  public var description: String {
    switch self {
    case .runLength(let words):
      "runs of \(words) words are not searched for: choose from \(NGramSimilarity.gramLengths.lowerBound) to \(NGramSimilarity.gramLengths.upperBound)"
    case .boilerplate(.items(let items)):
      "what is in more than \(items) evaluation items is no boilerplate: choose a number above 0"
    case .boilerplate(.share(let share)):
      "\(share) is no share of the evaluation items: choose a number above 0 and up to 1"
    }
  }
}
