internal import CKernels

/// MinHash signatures, for programs that take them: equal places of two signatures estimate the Jaccard similarity of the
/// two sets of grams. Nothing here is decided by them; ``NGramJoin`` is exact.
///
/// A gram's hash is the 64-bit FNV-1a hash of its words with a space between, so a text gives the same values in every
/// session and on every machine. One permutation hashing (Li, Owen, Zhang 2012): each of the bins keeps the smallest of the
/// hashes, mixed, that fall into it, and a bin into which none falls borrows from another by optimal densification
/// (Shrivastava, "Optimal Densification for Fast and Accurate Minwise Hashing", 2017). Of what a bin keeps the lowest 32 bits
/// are told (Li, König, "b-Bit Minwise Hashing", 2010): numbers that JSON has, in which one in 2^32 that differ is equal.
public struct MinHash: Hashable, Sendable {
  /// Words of a gram.
  public let n: Int
  /// Values of a signature.
  public let permutations: Int

  /// A signature of `permutations` values over grams of `n` words.
  ///
  /// - Throws: ``NearDuplicateError/gramLength(_:)`` and ``NearDuplicateError/permutations(_:)``.
  public init(n: Int = 2, permutations: Int = 128) throws(NearDuplicateError) {
    guard NGramSimilarity.gramLengths.contains(n) else { throw .gramLength(n) }
    guard (1...65_536).contains(permutations) else { throw .permutations(permutations) }
    self.n = n
    self.permutations = permutations
  }

  /// The signature of a text; nil when it has no words, and is alike to nothing.
  /// - Parameter text: UTF-8. Bytes that are none separate words.
  public func signature(of text: UnsafeBufferPointer<UInt8>, _ tokenizer: TokenizerName) -> [UInt32]? {
    var encoder = TokenEncoder(tokenizer)
    var lists = TokenLists()
    encoder.append(text, to: &lists)
    guard !lists.ids.isEmpty else { return nil }
    return signature(of: lists.ids.map { encoder.lexicon[$0] })
  }

  /// The signature of a list of words, which is not empty.
  private func signature(of words: [ArraySlice<UInt8>]) -> [UInt32] {
    let text = Array(words.joined(separator: [0x20]))
    var grams: [UInt64] = []
    /// Where the first word of a gram begins, and where its last word ends.
    var start = 0
    var end = words.prefix(n).reduce(-1) { $0 + 1 + $1.count }
    // Fewer words than a gram has are one gram.
    for first in 0...max(0, words.count - n) {
      grams.append(Self.hash(text[start..<end]))
      start += words[first].count + 1
      if first + n < words.count { end += 1 + words[first + n].count }
    }
    let values = [UInt64](unsafeUninitializedCapacity: permutations) { buffer, count in
      ck_minhash(grams, grams.count, permutations, buffer.baseAddress)
      count = permutations
    }
    return values.map { UInt32(truncatingIfNeeded: $0) }
  }

  /// FNV-1a of 64 bits (Fowler, Noll, Vo).
  private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// The share of places at which two signatures of the same kind are equal, which is close to the Jaccard similarity: the
  /// standard error is at most 0.5 / √permutations for sets with more grams than there are permutations.
  public func estimate(_ one: [UInt32], _ other: [UInt32]) -> Double {
    Double(zip(one, other).count { $0 == $1 }) / Double(permutations)
  }
}
