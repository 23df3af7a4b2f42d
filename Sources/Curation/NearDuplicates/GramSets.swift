internal import CKernels

/// The sets of word n-grams of many texts, made by a ``GramEncoder``: all of the texts that near-duplicates are found by.
///
/// A gram is a number of 48 bits that follows from the bytes of its words alone, on every machine and in every session. Two
/// different grams have the same number by chance, of two texts of a hundred words each once in 10¹⁰ couples; nothing
/// else here is inexact.
public struct GramSets: @unchecked Sendable {
  // Unchecked because nobody writes what was appended.
  /// Words of a gram.
  public let n: Int
  /// Where each set is.
  private(set) var pointers: [UnsafePointer<ck_gram_set>?] = []
  /// What keeps them there.
  private var memory: [any Sendable] = []
  private var latest: ObjectIdentifier?

  /// No sets.
  public init(n: Int) {
    precondition(NGramSimilarity.gramLengths.contains(n), "a length that a gram may have")
    self.n = n
  }

  /// How many there are.
  public var count: Int { pointers.count }

  /// Adds the sets of others, whose grams have as many words.
  public mutating func append(contentsOf others: GramSets) {
    precondition(others.n == n, "grams of one length")
    pointers += others.pointers
    memory += others.memory
    latest = others.latest ?? latest
  }

  /// Adds a set that stays where it is as long as `owner` lives.
  mutating func append(_ set: UnsafePointer<ck_gram_set>, owner: some AnyObject & Sendable) {
    pointers.append(set)
    guard latest != ObjectIdentifier(owner) else { return }
    latest = ObjectIdentifier(owner)
    memory.append(owner)
  }

  /// Some of the sets, in this order.
  func only(_ chosen: [Int]) -> GramSets {
    var sets = self
    sets.pointers = chosen.map { pointers[$0] }
    return sets
  }
}
