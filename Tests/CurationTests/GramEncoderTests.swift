import CKernels
import Records
import Testing

@testable import Curation

/// Sets made while a text is cut against sets of the tokens that a ``TokenEncoder`` finds.
@Suite struct GramEncoderTests {
  /// Letters, digits, marks, what lowers into ASCII, wide characters, long runs, and bytes that are no UTF-8.
  private static let pieces: [[UInt8]] =
    [
      "a", "Word", "isn't", "3.14", "x_y", " ", "  ", "\n", "-", "\u{0130}", "\u{212A}", "é", "ß", "日本",
      "한국어", "мир",
      "0", "Zz9", "abcdefgh", "ABCDEFGHIJKLMNOP", "abcdefghijklmnopq", "don\u{2019}t", "@", "[", "`", "{",
      "/", ":",
    ]
    .map { Array($0.utf8) } + [[0xFF], [0xC4], [0xE2, 0x84], Array(repeating: 0x61, count: 70), []]

  private func text(_ random: inout SplitMix64, isWide: Bool) -> [UInt8] {
    let pieces = isWide ? Self.pieces : Self.pieces.filter { $0.allSatisfy { $0 < 0x80 } }
    return (0..<random.next(below: 60)).flatMap { _ in pieces.randomElement(using: &random) ?? [] }
  }

  private func grams(_ set: UnsafePointer<ck_gram_set>) -> Set<UInt64> {
    Set((0..<Int(set.pointee.size)).map { ck_gram_at(set, $0) })
  }

  /// The grams of tokens, each hashed by itself.
  private func grams(_ tokens: [String], n: Int) -> Set<UInt64> {
    let words = tokens.map { token in
      Array(token.utf8).withUnsafeBufferPointer { ck_word_hash($0.baseAddress, $0.count) }
    }
    var grams = [UInt64](repeating: 0, count: words.count + 1)
    let count = ck_word_grams(words, words.count, n, &grams)
    return Set(grams.prefix(count))
  }

  @Test(arguments: TokenizerName.allCases, [1, 2, 3, 5])
  func setsAreThoseOfTheTokens(tokenizer: TokenizerName, n: Int) {
    var random = SplitMix64(seed: 71)
    let encoder = GramEncoder(tokenizer, n: n)
    var tokens = TokenEncoder(tokenizer)
    var distinct: Set<Set<UInt64>> = []
    for round in 0..<1_500 {
      let text = text(&random, isWide: round % 3 > 0)
      var (sets, lists) = (GramSets(n: n), TokenLists())
      text.withUnsafeBufferPointer {
        encoder.append($0, to: &sets)
        tokens.append($0, to: &lists)
      }
      let expected = grams(lists[0].map { String(decoding: tokens.lexicon[$0], as: UTF8.self) }, n: n)
      guard let set = sets.pointers[0] else { return #expect(Bool(false)) }
      #expect(grams(set) == expected, "\(String(decoding: text, as: UTF8.self))")
      #expect(Int(set.pointee.size) == expected.count)
      distinct.insert(expected)
    }
    #expect(distinct.count > 1_000)
  }

  /// Every instruction set cuts the same words out of every text, wherever it ends and whatever lies behind it.
  @Test(arguments: [CK_PORTABLE.rawValue, CK_AVX2.rawValue, CK_AVX512.rawValue, CK_BEST.rawValue])
  func wordsAreCutTheSame(isa: UInt32) {
    let isa = ck_isa(isa)
    guard ck_ascii_words_has(isa) != 0 else { return }
    var random = SplitMix64(seed: 72)
    var found = 0
    for round in 0..<3_000 {
      let text = round < 300 ? Array(repeating: 0x61, count: round) : text(&random, isWide: round % 2 == 0)
      var expected: [UInt64] = []
      for run in text.split(whereSeparator: { !ASCIIRun.isMember($0) }) {
        let lowered = run.map { $0 | 0x20 }
        expected.append(lowered.withUnsafeBufferPointer { ck_word_hash($0.baseAddress, $0.count) })
      }
      let padded = text + (0..<64).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      var words = [UInt64](repeating: 0, count: text.count / 2 + 1)
      var isWide: Int32 = -1
      let count = ck_ascii_words(isa, padded, text.count, &words, &isWide)
      #expect(words.prefix(count).elementsEqual(expected))
      #expect((isWide != 0) == text.contains { $0 >= 0x80 })
      found += count
    }
    #expect(found > 20_000)
  }

  /// Kept in indexes, so that an accidental change must fail.
  @Test func valuesStayTheSame() {
    let words = ["a", "abcdefgh", "abcdefghi", "abcdefghijklmnopq"].map { word in
      Array(word.utf8).withUnsafeBufferPointer { ck_word_hash($0.baseAddress, $0.count) }
    }
    #expect(
      words == [
        11_845_207_813_449_270_822, 10_445_024_161_540_269_589, 13_206_712_200_898_653_200,
        11_869_289_832_549_711_117,
      ])
    var grams = [UInt64](repeating: 0, count: 4)
    #expect(ck_word_grams(words, 4, 2, &grams) == 3)
    #expect(grams.prefix(3) == [152_048_787_172_015, 266_471_113_742_473, 113_963_723_663_047])
    #expect(ck_word_grams(words, 4, 5, &grams) == 1)
    #expect(grams[0] == 146_003_269_048_236)
  }

  /// Different words have different hashes, long ones as well.
  @Test func differentWordsHaveDifferentHashes() {
    var hashes: Set<UInt64> = []
    var words: Set<[UInt8]> = []
    for length in 1...40 {
      for place in 0..<length {
        for byte in UInt8(ascii: "a")...UInt8(ascii: "z") {
          var word = [UInt8](repeating: UInt8(ascii: "m"), count: length)
          word[place] = byte
          words.insert(word)
          hashes.insert(word.withUnsafeBufferPointer { ck_word_hash($0.baseAddress, $0.count) })
        }
      }
    }
    #expect(hashes.count == words.count)
  }

  /// However many texts, and of whatever length: a text of megabytes has a piece of memory of its own.
  @Test func setsLieBesideEachOther() {
    let encoder = GramEncoder(.rouge, n: 1)
    var sets = GramSets(n: 1)
    let sizes = [3, 0, 900_000, 1, 20_000, 20_000, 5]
    for size in sizes { encoder.append((0..<size).map { String($0) }.joined(separator: " "), to: &sets) }
    #expect(sets.pointers.map { Int($0?.pointee.size ?? 0) } == sizes)
    for (place, size) in sizes.enumerated() {
      #expect(sets.pointers[place].map { grams($0).count } == size)
    }
  }
}
