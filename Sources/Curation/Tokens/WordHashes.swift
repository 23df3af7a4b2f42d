internal import CKernels

/// The hashes of a text's tokens, which follow from their bytes alone.
struct WordHashes {
  private var hashes = Pages<UInt64>(1 << 12)
  /// How many there are.
  private(set) var count = 0
  /// A text with bytes behind it that may be read.
  private var padded = Pages<UInt8>(1 << 14)
  /// Segments that were folded before, and each one's hash; nil when nothing is left of it.
  private var spellings = Lexicon()
  private var spelled: [UInt64?] = []

  /// In their order; valid until the next text.
  var base: UnsafeMutablePointer<UInt64> { hashes.base }

  mutating func removeAll() { count = 0 }

  /// Takes the runs of ASCII letters and digits of a text of less than 2³¹ bytes in place of what is here. Returns whether
  /// the text has other characters than ASCII.
  mutating func fill(fromASCII text: UnsafeBufferPointer<UInt8>) -> Bool {
    if padded.count < text.count + Int(CK_TEXT_PADDING) {
      padded = Pages(2 * text.count + Int(CK_TEXT_PADDING))
    }
    if hashes.count < text.count / 2 + 1 { hashes = Pages(text.count) }
    if let base = text.baseAddress { padded.base.update(from: base, count: text.count) }
    var isWide: Int32 = 0
    count = ck_ascii_words(CK_BEST, padded.base, text.count, hashes.base, &isWide)
    return isWide != 0
  }

  private mutating func append(_ hash: UInt64) {
    if count == hashes.count {
      let larger = Pages<UInt64>(2 * count)
      larger.base.update(from: hashes.base, count: count)
      hashes = larger
    }
    hashes[count] = hash
    count += 1
  }
}

extension WordHashes: TokenSink {
  mutating func take(_ word: UInt64, count: Int) {
    withUnsafeBytes(of: word.littleEndian) { append(Self.hash($0.bindMemory(to: UInt8.self), count: count)) }
  }

  mutating func take(run: UnsafeBufferPointer<UInt8>) {
    let lowered = run.map { $0 | 0x20 }
    lowered.withUnsafeBufferPointer { take($0) }
  }

  mutating func take(_ token: UnsafeBufferPointer<UInt8>) { append(Self.hash(token, count: token.count)) }

  mutating func fold(_ segment: UnsafeBufferPointer<UInt8>) {
    let spelling = Int(spellings.id(of: segment))
    if spelling == spelled.count {
      let token = TokenFolding.token(of: segment)
      spelled.append(
        token.isEmpty ? nil : token.withUnsafeBufferPointer { Self.hash($0, count: $0.count) })
    }
    if let hash = spelled[spelling] { append(hash) }
  }

  private static func hash(_ token: UnsafeBufferPointer<UInt8>, count: Int) -> UInt64 {
    ck_word_hash(token.baseAddress, count)
  }
}
