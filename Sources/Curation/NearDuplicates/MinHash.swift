internal import CKernels

/// MinHash signatures, for programs that take them: equal places of two signatures estimate the Jaccard similarity of the
/// two sets of grams. Nothing here is decided by them; ``NGramJoin`` is exact.
///
/// One permutation hashing (Li, Owen, Zhang 2012): each of the bins keeps the smallest hash that falls into it, and a bin
/// into which none falls borrows from another by optimal densification (Shrivastava, "Optimal Densification for Fast and
/// Accurate Minwise Hashing", 2017). The same tokens give the same values on every machine.
public struct MinHash: Sendable {
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

  /// The signature of one list. All values of an empty list are the largest number.
  public func signature(of tokens: some Sequence<UInt32>) -> [UInt64] {
    let tokens = Array(tokens)
    let hashes = [UInt64](unsafeUninitializedCapacity: ck_gram_count(tokens.count, n)) { buffer, count in
      count = buffer.baseAddress.map { ck_gram_hashes(tokens, tokens.count, n, $0) } ?? 0
    }
    return [UInt64](unsafeUninitializedCapacity: permutations) { buffer, count in
      ck_minhash(hashes, hashes.count, permutations, buffer.baseAddress)
      count = permutations
    }
  }

  /// The share of places at which two signatures of the same kind are equal, which is close to the Jaccard similarity: the
  /// standard error is at most 0.5 / √permutations for sets with more grams than there are permutations.
  public func estimate(_ one: [UInt64], _ other: [UInt64]) -> Double {
    Double(zip(one, other).count { $0 == $1 }) / Double(permutations)
  }
}
