import Testing

@testable import Llama

/// Writes tokenizer.model files piece by piece.
struct ModelBytes {
  var bytes: [UInt8] = []

  static func varint(_ value: UInt64) -> [UInt8] {
    value < 0x80 ? [UInt8(value)] : [UInt8(truncatingIfNeeded: value) | 0x80] + varint(value >> 7)
  }

  static func field(_ number: UInt64, _ content: [UInt8]) -> [UInt8] {
    varint(number << 3 | 2) + varint(UInt64(content.count)) + content
  }

  static func number(_ field: UInt64, _ value: UInt64) -> [UInt8] { varint(field << 3) + varint(value) }

  static func piece(_ text: String, _ score: Float, _ kind: UInt64 = 1) -> [UInt8] {
    let bits = score.bitPattern
    let float = (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt32($0))) }
    return field(1, field(1, Array(text.utf8)) + varint(2 << 3 | 5) + float + number(3, kind))
  }

  /// A model over a few letters with its trainer's and normalizer's settings.
  static func model(
    pieces: [[UInt8]] = [], trainer: [UInt8] = number(3, 2), normalizer: [UInt8] = number(4, 0)
  ) -> [UInt8] {
    let own = [
      piece("<unk>", 0, 2), piece("<s>", 0, 3), piece("</s>", 0, 3), piece("\u{2581}", -5), piece("a", -6),
      piece("b", -7), piece("ab", -2), piece("\u{2581}a", -1), piece("ba", -2),
    ]
    return (own + pieces).flatMap { $0 } + field(2, trainer) + field(3, normalizer)
  }
}

@Suite struct SentencePieceTests {
  func make(_ bytes: [UInt8]) throws -> Tokenizer {
    try Tokenizer(sentencePiece: bytes, path: "tokenizer.model")
  }

  @Test func mergesByScore() throws {
    let tokenizer = try make(ModelBytes.model())
    #expect(tokenizer.vocabularySize == 9)
    #expect(tokenizer.encode("ab", frames: false) == [7, 5])
    // Equal scores: the leftmost first, whatever it becomes.
    #expect(tokenizer.encode("bab", frames: false) == [3, 8, 5])
    #expect(tokenizer.encode("b bab", frames: false) == [3, 5, 3, 8, 5])
    #expect(tokenizer.encode("", frames: true) == [1])
    #expect(tokenizer.encode("b") == [1, 3, 5])
    // Neighbouring unknown characters are one token.
    #expect(tokenizer.encode("xyb", frames: false) == [3, 0, 5])
  }

  @Test func specialTokens() throws {
    let tokenizer = try make(ModelBytes.model())
    #expect(tokenizer.encode("b</s>", frames: false) == [3, 5, 2])
    #expect(tokenizer.encode("b</s>", frames: false, findsSpecial: false) == [3, 5, 0])
    #expect(tokenizer.isSpecial(2) && !tokenizer.isSpecial(4))
  }

  @Test func decodes() throws {
    let tokenizer = try make(ModelBytes.model())
    #expect(tokenizer.decode([7, 5, 3, 4]) == "ab a")
    #expect(tokenizer.decode([1, 7, 5, 2], skippingSpecialTokens: true) == "ab")
    var stream = tokenizer.stream(skippingSpecialTokens: true)
    let streamed = ([1, 7, 5, 3, 4, 2] as [Int32]).map { stream.append($0) }
    #expect(streamed == ["", "a", "b", " ", "a", ""])
  }

  @Test func bytesOfUnknownCharacters() throws {
    let bytes = (0..<256).map { ModelBytes.piece(ByteToken.text(of: UInt8($0)), 0, 6) }
    let trainer = ModelBytes.number(3, 2) + ModelBytes.number(35, 1)
    let tokenizer = try make(ModelBytes.model(pieces: bytes, trainer: trainer))
    let tokens = tokenizer.encode("aé\n", frames: false)
    func byte(_ value: Int32) -> Int32 { 9 + value }
    #expect(tokens == [7, byte(0xC3), byte(0xA9), byte(0x0A)])
    #expect(tokenizer.decode(tokens) == "aé\n")
    // The name of a byte in a text is no byte.
    #expect(tokenizer.encode("<0x0A>", frames: false).count == 7)
    // What is incomplete is held back; what breaks off is replaced.
    var stream = tokenizer.stream()
    #expect(stream.append(byte(0xC3)) == "")
    #expect(stream.append(byte(0xA9)) == "é")
    #expect(stream.append(byte(0xF0)) == "")
    #expect(stream.finish() == "\u{FFFD}")
    #expect(tokenizer.decode([byte(0xC3), byte(0xA9), byte(0xC3)]) == "\u{FFFD}\u{FFFD}\u{FFFD}")
  }

  @Test func userDefinedPieces() throws {
    let tokenizer = try make(ModelBytes.model(pieces: [ModelBytes.piece("bab", 0, 4)]))
    #expect(tokenizer.encode("ababb", frames: false) == [7, 9, 5])
  }

  @Test func extraWhitespace() throws {
    let tokenizer = try make(ModelBytes.model(normalizer: ModelBytes.number(4, 1)))
    #expect(tokenizer.encode("  a   b ", frames: false) == tokenizer.encode("a b", frames: false))
    #expect(tokenizer.encode("   ", frames: false) == [])
    let bare = try make(ModelBytes.model(normalizer: ModelBytes.number(3, 0) + ModelBytes.number(4, 0)))
    #expect(bare.encode("a", frames: false) == [4])
    #expect(bare.decode([7]) == " a")
  }

  static let hostile: [(name: String, bytes: [UInt8], says: String)] = [
    ("empty", [], "Unigram"),
    ("text", Array("hello world".utf8), "wire type"),
    ("a length beyond the end", ModelBytes.varint(1 << 3 | 2) + ModelBytes.varint(1 << 40), "bytes where 0"),
    ("a length of 2^64", ModelBytes.varint(1 << 3 | 2) + ModelBytes.varint(.max), "bytes where 0"),
    ("a number of eleven bytes", [8] + [UInt8](repeating: 0xFF, count: 11), "64 bits"),
    ("a number that breaks off", [8, 0x80], "breaks off"),
    ("a float that breaks off", ModelBytes.field(1, [2 << 3 | 5, 0, 0]), "breaks off"),
    ("field 0", [0, 0], "field number 0"),
    ("an empty piece", ModelBytes.model(pieces: [ModelBytes.piece("", 0)]), "piece 9 is empty"),
    ("no UTF-8", ModelBytes.field(1, ModelBytes.field(1, [0xFF])), "UTF-8"),
    ("a score that is no number", ModelBytes.model(pieces: [ModelBytes.piece("x", .nan)]), "piece 9"),
    ("a type", ModelBytes.model(pieces: [ModelBytes.piece("x", 0, 77)]), "type 77"),
    ("a huge type", ModelBytes.model(pieces: [ModelBytes.piece("x", 0, .max)]), "type 18446744073709551615"),
    ("an unused piece", ModelBytes.model(pieces: [ModelBytes.piece("x", 0, 5)]), "unused"),
    ("two unknown pieces", ModelBytes.model(pieces: [ModelBytes.piece("x", 0, 2)]), "2 unknown pieces"),
    ("unigram", ModelBytes.model(trainer: ModelBytes.number(3, 1)), "Unigram"),
    ("word", ModelBytes.model(trainer: ModelBytes.number(3, 3)), "Word"),
    ("no bytes", ModelBytes.model(trainer: ModelBytes.number(3, 2) + ModelBytes.number(35, 1)), "256 bytes"),
    (
      "a suffix for spaces", ModelBytes.model(trainer: ModelBytes.number(3, 2) + ModelBytes.number(24, 1)),
      "treat_whitespace_as_suffix"
    ),
    (
      "rules",
      ModelBytes.model(normalizer: ModelBytes.field(1, Array("nmt_nfkc".utf8)) + ModelBytes.field(2, [1])),
      "nmt_nfkc"
    ),
    ("spaces as they are", ModelBytes.model(normalizer: ModelBytes.number(5, 0)), "escape_whitespaces"),
    (
      "rules of writing", ModelBytes.model() + ModelBytes.field(5, ModelBytes.field(2, [1])),
      "denormalizer_spec"
    ),
    (
      "pieces that are long",
      ModelBytes.model(pieces: [ModelBytes.piece(String(repeating: "a", count: 1 << 16), 0)]), "too long"
    ),
  ]

  @Test(arguments: hostile.indices) func refused(_ index: Int) {
    let (name, bytes, says) = Self.hostile[index]
    let error = #expect(throws: TokenizerError.self, "\(name)") { try make(bytes) }
    let description = error?.description ?? "accepted"
    #expect(description.contains(says) && description.hasPrefix("tokenizer.model"), "\(name): \(description)")
  }

  /// Cut anywhere, the file is refused or still a model; nothing traps.
  @Test func cutShort() {
    let whole = ModelBytes.model()
    for length in whole.indices { _ = try? make(Array(whole[..<length])) }
    for index in whole.indices {
      for bit in 0..<8 {
        var damaged = whole
        damaged[index] ^= 1 << UInt8(bit)
        _ = try? make(damaged).encode("bab ab\u{2581}")
      }
    }
  }
}
