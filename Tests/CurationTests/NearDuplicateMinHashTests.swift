import Records
import Testing

@testable import Curation

@Suite struct NearDuplicateMinHashTests {
  private func signature(_ minHash: MinHash, _ text: String, _ tokenizer: TokenizerName = .auto) -> [UInt32]?
  {
    var text = text
    return text.withUTF8 { minHash.signature(of: $0, tokenizer) }
  }

  /// The mean of many estimates is the similarity, for sets larger and smaller than the signature.
  @Test(arguments: [12, 60, 400])
  func estimatesAreRightOnAverage(size: Int) throws {
    var random = SplitMix64(seed: 31)
    let minHash = try MinHash(n: 1, permutations: 64)
    for share in [0.2, 0.5, 0.9] {
      let common = Int(share * Double(size))
      let exact = Double(common) / Double(2 * size - common)
      var sum = 0.0
      var squares = 0.0
      let rounds = 200
      for _ in 0..<rounds {
        let words = (0..<2 * size - common).map { _ in String(random.next(), radix: 36) }
        let one = try #require(signature(minHash, words[..<size].joined(separator: " ")))
        let other = try #require(
          signature(minHash, words[(size - common)...].reversed().joined(separator: ", ")))
        let estimate = minHash.estimate(one, other)
        sum += estimate
        squares += (estimate - exact) * (estimate - exact)
      }
      // Four standard errors of the mean; densified bins of small sets vary more than independent ones.
      let deviation = (squares / Double(rounds)).squareRoot()
      #expect(abs(sum / Double(rounds) - exact) < 4 * deviation / Double(rounds).squareRoot() + 0.002)
      if size > 64 { #expect(deviation < 0.5 / 8 * 1.2) }
    }
  }

  /// Of pairs that the join finds, all but a few estimates are within three standard errors of the similarity.
  @Test func plantedPairsAreAsAlikeAsTheyAre() throws {
    var random = SplitMix64(seed: 33)
    let minHash = try MinHash(n: 2, permutations: 256)
    let similarity = try NGramSimilarity(n: 2, threshold: 0.05)
    var far = 0
    let pairs = 120
    for pair in 0..<pairs {
      let words = (0..<600).map { _ in "w\(random.next(below: 5_000))" }
      // The more words are others, the less alike.
      let changed = words.map {
        random.next(below: 200) < UInt64(pair / 2) ? "x\(random.next(below: 5_000))" : $0
      }
      let texts = [words, changed].map { $0.joined(separator: " ") }
      let encoder = GramEncoder(.rouge, n: 2)
      var sets = GramSets(n: 2)
      for text in texts { encoder.append(text, to: &sets) }
      let exact = NGramJoin(sets, similarity: similarity).links().first?.score ?? 0
      let signatures = try texts.map { try #require(signature(minHash, $0, .rouge)) }
      if abs(minHash.estimate(signatures[0], signatures[1]) - exact) > 3 * 0.5 / 16 { far += 1 }
    }
    #expect(far <= 2)
  }

  @Test func aSignatureIsThatOfTheSet() throws {
    let minHash = try MinHash(n: 2, permutations: 16)
    #expect(signature(minHash, "a b a b a") == signature(minHash, "B a; b!"))
    #expect(signature(minHash, "a b") != signature(minHash, "b a"))
    #expect(signature(minHash, "") == nil)
    #expect(signature(minHash, "…!?") == nil)
    #expect(signature(minHash, "a")?.count == 16)
    // One gram of too few words is none of enough words, and words do not run into each other.
    #expect(signature(minHash, "a") != signature(minHash, "a a"))
    #expect(signature(minHash, "ab c") != signature(minHash, "a bc"))
    // What an encoder saw before does not count: there is none.
    #expect(signature(minHash, "слово и дело") == signature(minHash, "СЛОВО, и дело."))
    #expect(signature(minHash, "слово и дело", .rouge) == nil)
  }

  /// Grams of every length are those of the words, hashed one by one.
  @Test(arguments: [1, 2, 3, 7]) func gramsAreHashedAsTheyAreWritten(n: Int) throws {
    // With as many places as can be, a value for each of few grams: the signature has all of them and no others.
    let minHash = try MinHash(n: n, permutations: 4_096)
    let words = ["the", "patient", "has", "a", "fever", "the", "patient"]
    let whole = Set(try #require(signature(minHash, words.joined(separator: " "))))
    var parts: Set<UInt32> = []
    for start in 0...(words.count - n) {
      let gram = words[start..<start + n].joined(separator: " ")
      parts.formUnion(try #require(signature(minHash, gram)))
    }
    #expect(whole == parts)
  }

  /// Exchanged with other programs, so that an accidental change must fail.
  @Test func valuesStayTheSame() throws {
    let minHash = try MinHash(n: 2, permutations: 4)
    #expect(
      signature(minHash, "What causes a fever in children?")
        == [1_575_632_166, 1_578_722_327, 636_339_738, 3_611_017_251])
    #expect(
      signature(minHash, "Was ist Diabetes? Что такое диабет?")
        == [1_190_103_209, 1_190_103_209, 421_228_506, 484_572_525])
  }

  @Test func parametersAreChecked() {
    #expect(throws: NearDuplicateError.permutations(0)) { try MinHash(permutations: 0) }
    #expect(throws: NearDuplicateError.gramLength(0)) { try MinHash(n: 0) }
  }
}
