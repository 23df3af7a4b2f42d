import Curation
import History
import Objects
public import Records

/// When two records are duplicates of each other.
public struct DedupMeasure: Sendable, Hashable {
  /// The ways to compare.
  public enum Way: String, Sendable, CaseIterable {
    /// Byte for byte.
    case exact
    /// In ``Curation/NormalForm``: case, spacing and encoding do not count.
    case normalised
    /// By the word n-grams that both have.
    case near
    /// By the longest sequence of words that both have in the same order.
    case rougeL = "rouge-l"
  }

  /// When two records are alike by ROUGE-L.
  public struct SequenceNearness: Sendable, Hashable {
    /// What is above it, from 0 to 1.
    public var threshold: Double
    /// How texts become words: `rouge`, `unicode` or `auto`.
    public var tokenizer: String

    /// A measure.
    public init(threshold: Double, tokenizer: String = "auto") {
      self.threshold = threshold
      self.tokenizer = tokenizer
    }
  }

  /// How near two records are: what their sets of word n-grams have in common.
  public struct Nearness: Sendable, Hashable {
    /// What it is measured against.
    public enum Similarity: String, Sendable, CaseIterable {
      case jaccard, dice, overlap
    }

    /// From this on, above 0 and at most 1.
    public var threshold: Double
    /// Words in a gram.
    public var ngram: Int
    public var similarity: Similarity
    /// How texts become words: `rouge`, `unicode` or `auto`.
    public var tokenizer: String

    /// A measure.
    public init(
      threshold: Double, ngram: Int = 3, similarity: Similarity = .jaccard, tokenizer: String = "auto"
    ) {
      self.threshold = threshold
      self.ngram = ngram
      self.similarity = similarity
      self.tokenizer = tokenizer
    }
  }

  /// How fields are compared.
  public var way: Way
  /// The fields that are compared.
  public var fields: Set<PairField>
  /// How near is near, when that is the way.
  public var nearness: Nearness?
  /// The same by ROUGE-L.
  public var sequences: SequenceNearness?

  /// A measure; all fields unless some are named.
  public init(_ way: Way = .normalised, fields: Set<PairField> = Set(PairField.allCases)) {
    self.way = way
    self.fields = fields
  }

  /// A measure by n-grams.
  public init(near nearness: Nearness, fields: Set<PairField> = Set(PairField.allCases)) {
    way = .near
    self.fields = fields
    self.nearness = nearness
  }

  /// A measure by ROUGE-L.
  public init(rougeL sequences: SequenceNearness, fields: Set<PairField> = [.instruction]) {
    way = .rougeL
    self.fields = fields
    self.sequences = sequences
  }

  /// A key that is equal for duplicates.
  func key(of entry: TreeEntry, _ reader: RecordReader) throws -> ObjectID {
    if isWholePair { return entry.object }
    return key(of: try reader.pair(entry))
  }

  /// The same of a pair.
  func key(of pair: Pair) -> ObjectID {
    let pair = pair.only(fields)
    return ObjectID.hash(.pair, way == .exact ? pair.canonicalBytes : pair.normalised.canonicalBytes)
  }

  /// Whether the pair's own id is the key, so that nothing needs to be read.
  var isWholePair: Bool { way == .exact && fields.count == PairField.allCases.count }

  /// The fields in the order of a pair.
  var orderedFields: [PairField] { PairField.allCases.filter(fields.contains) }

  /// The rule that two duplicates fall under.
  /// - Parameter isSame: whether their pairs are the same, byte for byte.
  func rule(isSame: Bool) -> String { isSame ? Way.exact.rawValue : way.rawValue }

  /// How near is near, for the join.
  ///
  /// - Throws: ``Failure`` of kind `usage`.
  func similarity() throws -> (NGramSimilarity, TokenizerName)? {
    guard let nearness else { return nil }
    let tokenizer = try TokenizerName.named(nearness.tokenizer)
    let measure = NGramSimilarity.Measure(rawValue: nearness.similarity.rawValue) ?? .jaccard
    do {
      return (
        try NGramSimilarity(n: nearness.ngram, measure: measure, threshold: nearness.threshold), tokenizer
      )
    } catch {
      throw Failure(.usage, "\(error)")
    }
  }
  /// How near is near, for ROUGE-L.
  ///
  /// - Throws: ``Failure`` of kind `usage`.
  func rougeL() throws -> (threshold: Double, tokenizer: TokenizerName)? {
    guard let sequences else { return nil }
    guard sequences.threshold >= 0, sequences.threshold <= 1 else {
      throw Failure(
        .usage, "a ROUGE-L threshold is from 0 to 1, not \(sequences.threshold)",
        hint: "0.7 is what most use")
    }
    return (sequences.threshold, try TokenizerName.named(sequences.tokenizer))
  }
}
