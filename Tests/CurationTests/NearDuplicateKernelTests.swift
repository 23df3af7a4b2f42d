import CKernels
import Records
import Testing

/// The kernels under the join, each by itself.
@Suite struct NearDuplicateKernelTests {
  static let measures = [CK_JACCARD, CK_DICE, CK_OVERLAP]

  /// Every instruction set finds the signatures that differ in at most so many bits.
  @Test(arguments: [CK_PORTABLE.rawValue, CK_AVX2.rawValue, CK_AVX512.rawValue, CK_BEST.rawValue])
  func scansFindTheSame(isa: UInt32) {
    let isa = ck_isa(isa)
    guard ck_signature_scan_has(isa) != 0 else { return }
    var random = SplitMix64(seed: 61)
    for count in [0, 1, 7, 8, 9, 64, 203] {
      let signature = (0..<4).map { _ in random.next() }
      var blocks = [UInt64](repeating: 0, count: (count + 7) / 8 * 32)
      var distances: [Int] = []
      for item in 0..<count {
        // From equal to unrelated.
        let mask = random.next() & random.next() & (item % 3 == 0 ? 0 : .max)
        var distance = 0
        for word in 0..<4 {
          let value = signature[word] ^ (mask &* UInt64(word + 1))
          distance += (value ^ signature[word]).nonzeroBitCount
          blocks[item / 8 * 32 + word * 8 + item % 8] = value
        }
        distances.append(distance)
      }
      for limit in [0, 30, 64, 100, 256] {
        var found = [UInt32](repeating: 0, count: count + 8)
        let size = ck_signature_scan(isa, blocks, count, signature, UInt64(limit), &found)
        #expect(found.prefix(size).map(Int.init) == distances.indices.filter { distances[$0] <= limit })
      }
    }
  }

  /// No pair that is alike has fewer in common than the filters ask for, and hardly one that is not has as many.
  @Test func boundsAreThoseOfTheScore() {
    for measure in Self.measures {
      for threshold in [0.01, 0.1, 1.0 / 3, 0.5, 0.6, 2.0 / 3, 0.7, 0.8, 0.9, 1] {
        let similarity = ck_ngram_similarity(measure: measure, threshold: threshold)
        let bound = ck_similarity_bound(similarity)
        for a in 1...70 {
          var least = a + 1
          for b in 1...140 {
            let common = (1...min(a, b)).first { ck_ngram_score(measure, $0, a, b) >= threshold }
            let required = ck_bound_required(bound, a, b)
            if let common {
              #expect(required == common)
              least = min(least, common)
            } else {
              #expect(required > min(a, b))
            }
          }
          // 140 is twice 70: enough for the smallest share that a set of 70 may have in common with any.
          if measure != CK_OVERLAP, threshold >= 0.5 {
            #expect(ck_prefix_length(similarity, a) == a - least + 1)
          }
        }
      }
    }
  }

  /// Grams of one and two words have hashes of their own; longer ones do as far as anybody can see.
  @Test(arguments: [1, 2, 3, 5, 13])
  func differentGramsHaveDifferentHashes(n: Int) {
    var random = SplitMix64(seed: 62)
    let tokens = (0..<20_000).map { _ in UInt32(random.next(below: 3)) }
    var hashes = [UInt64](repeating: 0, count: tokens.count)
    let count = ck_gram_hashes(tokens, tokens.count, n, &hashes)
    #expect(count == tokens.count - n + 1)
    var grams: [UInt64: ArraySlice<UInt32>] = [:]
    for start in 0..<count {
      let gram = tokens[start..<start + n]
      if let known = grams[hashes[start]] {
        #expect(known.elementsEqual(gram))
      } else {
        grams[hashes[start]] = gram
      }
    }
    #expect(grams.count == Set((0..<count).map { Array(tokens[$0..<$0 + n]) }).count)
    #expect(grams[0] == nil)
  }
}
