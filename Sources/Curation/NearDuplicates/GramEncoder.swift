internal import CKernels

/// Makes the sets of n-grams of texts; one thread's.
///
/// Words are cut while the text is looked at, and no word is kept: encoders on several threads, and of several sessions, give
/// the same sets.
public final class GramEncoder {
  /// The tokenizer of all texts.
  public let tokenizer: TokenizerName
  /// Words of a gram.
  public let n: Int
  private var words = WordHashes()
  private let segments = WordSegments(.separate)
  private var folded: [UInt8] = []
  private var arena = GramArena()
  private var scratch: GramScratch

  /// An encoder of grams of `n` words.
  public init(_ tokenizer: TokenizerName, n: Int) {
    precondition(NGramSimilarity.gramLengths.contains(n), "a length that a gram may have")
    self.tokenizer = tokenizer
    self.n = n
    scratch = GramScratch(longest: 1 << 12)
  }

  /// Adds the set of a text's grams.
  public func append(_ text: String, to sets: inout GramSets) {
    var text = text
    text.withUTF8 { append($0, to: &sets) }
  }

  /// Adds the set of a text's grams.
  /// - Parameter text: UTF-8. Bytes that are none separate words.
  public func append(_ text: UnsafeBufferPointer<UInt8>, to sets: inout GramSets) {
    precondition(sets.n == n, "grams of one length")
    cut(text)
    let grams = ck_gram_count(words.count, n)
    if grams > scratch.longest { scratch = GramScratch(longest: grams + grams / 2) }
    arena.add(to: &sets, grams: grams) {
      ck_gram_set_make(words.base, words.count, n, scratch.kernel, $0)
    }
  }

  private func cut(_ text: UnsafeBufferPointer<UInt8>) {
    if tokenizer != .unicode, text.count < 1 << 31 {
      let isWide = words.fill(fromASCII: text)
      // All other characters separate, as in the kernel.
      if !isWide || tokenizer.resolved(for: text) == .rouge && !RougeTokens.hasLowered(text) { return }
    }
    words.removeAll()
    switch tokenizer.resolved(for: text) {
    case .rouge: RougeTokens.scan(text, scratch: &folded, into: &words)
    case .unicode, .auto: UnicodeTokens.scan(text, by: segments, scratch: &folded, into: &words)
    }
  }
}
