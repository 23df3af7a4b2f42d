/// Where the parts of a segment are: a header of 128 bytes, then each part at a multiple of 8. All numbers little-endian.
///
/// | header | |
/// |---|---|
/// | 0 | `MDNGRAMS` |
/// | 8, 12 | version; words of a gram (4 bytes each, as all but those that say 8) |
/// | 16 | threshold, a double (8) |
/// | 24, 28 | measure: 0 Jaccard, 1 Dice, 2 overlap; bits of the bucket table |
/// | 32 | fingerprint of the order (8) |
/// | 40, 44 | bytes of the tokenizer's name; zero |
/// | 48, 56, 64 | items, words, postings (8 each) |
/// | 72 | the tokenizer's name, zeros up to 112, and zeros |
/// | 120 | fingerprint of the header's bytes before (8) |
///
/// Parts: ids (items, 32 bytes); where each item's words begin (items + 1, 8); distinct grams (items, 4); signatures (items, 4
/// of 8); where each bucket's postings begin (2^bits + 1, 4); postings (8): item in the lowest 32 bits, then place in its
/// set's order and distinct grams, 16 bits each, cut off; words (4).
struct NGramSegmentLayout: Equatable {
  static let magic: [UInt8] = Array("MDNGRAMS".utf8)
  static let version: UInt32 = 1
  static let header = 128
  static let idLength = 32

  let items: Int
  let words: Int
  let postings: Int
  let bits: Int
  let ids: Int
  let offsets: Int
  let sizes: Int
  let signatures: Int
  let starts: Int
  let entries: Int
  let tokens: Int
  let end: Int

  /// Nil when there cannot be so much.
  init?(items: Int, words: Int, postings: Int, bits: Int) {
    // 2^40 words of 4 bytes: far from what overflows.
    guard (0..<Int(UInt32.max)).contains(items), (0..<1 << 40).contains(words),
      (0..<Int(UInt32.max)).contains(postings), (1...28).contains(bits)
    else { return nil }
    func aligned(_ offset: Int) -> Int { (offset + 7) / 8 * 8 }
    self.items = items
    self.words = words
    self.postings = postings
    self.bits = bits
    ids = Self.header
    offsets = ids + Self.idLength * items
    sizes = offsets + 8 * (items + 1)
    signatures = aligned(sizes + 4 * items)
    starts = signatures + 32 * items
    entries = aligned(starts + 4 * (1 << bits + 1))
    tokens = entries + 8 * postings
    end = aligned(tokens + 4 * words)
  }

  /// Reads and checks a header.
  init(
    _ bytes: UnsafeRawBufferPointer, parameters: NGramIndexParameters, order: NGramIndexOrder
  ) throws(NGramIndexError) {
    guard bytes.count >= Self.header, bytes.prefix(8).elementsEqual(Self.magic) else { throw .notAnIndex }
    let version = bytes.little(8, as: UInt32.self)
    guard version == Self.version else { throw .version(found: version, expected: Self.version) }
    guard UnsafeRawBufferPointer(rebasing: bytes[..<120]).fingerprint() == bytes.little(120, as: UInt64.self)
    else {
      throw .damaged(offset: 0, reason: "the header is not the one that was written")
    }
    let name = Int(bytes.little(40, as: UInt32.self))
    guard name <= NGramIndexParameters.longestTokenizer else {
      throw .damaged(offset: 40, reason: "a long name")
    }
    let tokenizer = String(decoding: bytes[72..<72 + name], as: UTF8.self)
    let measure = Int(bytes.little(24, as: UInt32.self))
    let measures = NGramSimilarity.Measure.allCases
    guard measures.indices.contains(measure) else { throw .damaged(offset: 24, reason: "an unknown measure") }
    let threshold = Double(bitPattern: bytes.little(16, as: UInt64.self))
    let similarity = parameters.similarity
    for (parameter, found, expected) in [
      ("the tokenizer", tokenizer, parameters.tokenizer),
      ("grams of", "\(bytes.little(12, as: UInt32.self)) words", "\(similarity.n) words"),
      ("the measure", measures[measure].rawValue, similarity.measure.rawValue),
      ("the threshold", "\(threshold)", "\(similarity.threshold)"),
      ("the order", "\(bytes.little(32, as: UInt64.self))", "\(order.fingerprint)"),
    ] where !found.utf8.elementsEqual(expected.utf8) {
      throw .mismatch(parameter: parameter, found: found, expected: expected)
    }
    guard let items = Int(exactly: bytes.little(48, as: UInt64.self)),
      let words = Int(exactly: bytes.little(56, as: UInt64.self)),
      let postings = Int(exactly: bytes.little(64, as: UInt64.self)),
      let layout = Self(
        items: items, words: words, postings: postings, bits: Int(bytes.little(28, as: UInt32.self)))
    else { throw .damaged(offset: 28, reason: "more than there can be") }
    guard layout.end == bytes.count else {
      throw .damaged(offset: bytes.count, reason: "\(bytes.count) bytes where there should be \(layout.end)")
    }
    self = layout
  }

  /// The header as bytes.
  func header(parameters: NGramIndexParameters, order: NGramIndexOrder) -> [UInt8] {
    let similarity = parameters.similarity
    let name = Array(parameters.tokenizer.utf8.prefix(NGramIndexParameters.longestTokenizer))
    var bytes = Self.magic
    bytes.append(little: Self.version)
    bytes.append(little: UInt32(similarity.n))
    bytes.append(little: similarity.threshold.bitPattern)
    bytes.append(
      little: UInt32(NGramSimilarity.Measure.allCases.firstIndex(of: similarity.measure) ?? 0))
    bytes.append(little: UInt32(bits))
    bytes.append(little: order.fingerprint)
    bytes.append(little: UInt32(name.count))
    bytes.append(little: UInt32(0))
    for number in [items, words, postings] { bytes.append(little: UInt64(number)) }
    bytes.append(contentsOf: name)
    bytes.append(contentsOf: repeatElement(0, count: 120 - bytes.count))
    bytes.append(little: bytes.withUnsafeBytes { $0.fingerprint() })
    return bytes
  }
}
