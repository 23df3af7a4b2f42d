internal import CKernels

/// When two texts are near-duplicates: their sets of word n-grams are alike by at least a threshold.
///
/// A text of fewer than n words is one gram of all its words; one without words is alike to nothing.
public struct NGramSimilarity: Hashable, Sendable {
  /// How alike two sets A and B are.
  public enum Measure: String, Sendable, CaseIterable {
    /// |A ∩ B| / |A ∪ B| (Jaccard 1901).
    case jaccard
    /// 2 |A ∩ B| / (|A| + |B|) (Dice 1945).
    case dice
    /// |A ∩ B| / min(|A|, |B|), which is 1 for any part of a text (Szymkiewicz–Simpson).
    case overlap
  }

  /// The lengths a gram may have. Hashes of longer ones would collide on texts made for it.
  public static let gramLengths = 1...1_024

  /// Words of a gram.
  public let n: Int
  /// What is compared with the threshold.
  public let measure: Measure
  /// Above 0 and at most 1; sets that come to exactly this are alike.
  public let threshold: Double

  /// A similarity. The default finds as much of what was planted as any that finds nothing else.
  ///
  /// - Throws: ``NearDuplicateError/gramLength(_:)`` and ``NearDuplicateError/threshold(_:)``.
  public init(n: Int = 2, measure: Measure = .jaccard, threshold: Double = 0.6) throws(NearDuplicateError) {
    guard Self.gramLengths.contains(n) else { throw .gramLength(n) }
    guard threshold > 0, threshold <= 1 else { throw .threshold(threshold) }
    self.n = n
    self.measure = measure
    self.threshold = threshold
  }

  /// The measure of two sets of `a` and `b` elements with `common` of them in both: the one that decides.
  func score(common: Int, _ a: Int, _ b: Int) -> Double {
    ck_ngram_score(kernel.measure, common, a, b)
  }

  var bound: ck_bound { ck_similarity_bound(kernel) }

  var kernel: ck_ngram_similarity {
    let measure =
      switch self.measure {
      case .jaccard: CK_JACCARD
      case .dice: CK_DICE
      case .overlap: CK_OVERLAP
      }
    return ck_ngram_similarity(measure: measure, threshold: threshold)
  }
}
