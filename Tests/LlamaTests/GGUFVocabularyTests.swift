import Testing

@testable import Llama

@Suite struct GGUFVocabularyTests {
  func make(_ vocabulary: GGUFVocabulary) throws -> Tokenizer {
    try Tokenizer(gguf: vocabulary, path: "m.gguf")
  }

  static func bytes(_ texts: [String]) -> [[UInt8]] { texts.map { Array($0.utf8) } }

  static func byteLevel() -> GGUFVocabulary {
    let alphabet = ByteAlphabet.scalars.map { String($0) }
    return GGUFVocabulary(
      model: "gpt2", preTokenizer: "gpt-2", tokens: bytes(alphabet + ["he", "hey", "<s>", "[x]"]),
      types: [Int32](repeating: 1, count: 258) + [3, 4], merges: bytes(["h e", "he y"]),
      beginningOfSequence: 258)
  }

  static func sentencePiece() -> GGUFVocabulary {
    let names = (0..<256).map { ByteToken.text(of: UInt8($0)) }
    return GGUFVocabulary(
      model: "llama", tokens: bytes(["<unk>", "<s>", "</s>"] + names + ["\u{2581}", "a", "b", "\u{2581}a"]),
      scores: [Float](repeating: 0, count: 259) + [-4, -3, -2, -1],
      types: [2, 3, 3] + [Int32](repeating: 6, count: 256) + [1, 1, 1, 1], beginningOfSequence: 1,
      endOfSequence: 2)
  }

  @Test func byteLevelBPE() throws {
    let tokenizer = try make(Self.byteLevel())
    #expect(tokenizer.encode("hey <s>he[x]") == [257, 32, 258, 256, 259])
    // User-defined tokens are found in any text, control tokens only when they are looked for.
    #expect(tokenizer.encode("<s>[x]", findsSpecial: false) == [60, 115, 62, 259])
    #expect(tokenizer.decode([257, 32, 258, 256, 259]) == "hey <s>he[x]")
    var framed = Self.byteLevel()
    framed.addsBOS = true
    #expect(try make(framed).encode("hey") == [258, 257])
    framed.preTokenizer = "llama-bpe"
    framed.addsBOS = nil
    framed.merges = []
    // Llama 3's takes a piece that is a token as it is, and begins with a BOS.
    #expect(try make(framed).encode("hey") == [258, 257])
  }

  @Test func sentencePieceBPE() throws {
    let tokenizer = try make(Self.sentencePiece())
    #expect(tokenizer.encode("ab a") == [1, 262, 261, 262])
    #expect(tokenizer.encode("é", frames: false) == [259, 198, 172])
    #expect(tokenizer.encode("b</s>a", frames: false) == [259, 261, 2, 262])
    #expect(tokenizer.decode([262, 261, 262]) == "ab a")
    var bare = Self.sentencePiece()
    bare.addsSpacePrefix = false
    bare.addsBOS = false
    bare.addsEOS = true
    #expect(try make(bare).encode("ab") == [260, 261, 2])
  }

  @Test func refused() {
    func refuse(_ says: String, _ vocabulary: GGUFVocabulary, _ change: (inout GGUFVocabulary) -> Void) {
      var vocabulary = vocabulary
      change(&vocabulary)
      let error = #expect(throws: TokenizerError.self, "\(says)") { try make(vocabulary) }
      #expect(error?.description.contains(says) ?? false, "\(says): \(error?.description ?? "accepted")")
    }
    let (level, piece) = (Self.byteLevel(), Self.sentencePiece())
    refuse("tokenizer.ggml.model is \"bert\"", level) { $0.model = "bert" }
    refuse("tokenizer.ggml.pre is missing", level) { $0.preTokenizer = nil }
    refuse("\"kimi-k2\"", level) { $0.preTokenizer = "kimi-k2" }
    refuse("has 0 tokens", level) { $0.tokens = [] }
    refuse("tokens[3] is no valid UTF-8", level) { $0.tokens[3] = [0xFF] }
    refuse("token_type has 1 values for 260", level) { $0.types = [1] }
    refuse("token_type[0] is 9", level) { $0.types?[0] = 9 }
    refuse("merges[0] has no space", level) { $0.merges[0] = [104] }
    refuse("merges[1] needs \"hex\"", level) { $0.merges[1] = Array("hex y".utf8) }
    refuse("bos_token_id is missing", level) {
      $0.addsBOS = true
      $0.beginningOfSequence = nil
    }
    refuse("eos_token_id is -1", level) {
      $0.addsEOS = true
      $0.endOfSequence = -1
    }
    refuse("add_space_prefix", level) { $0.addsSpacePrefix = true }
    refuse("scores has 0 values", piece) { $0.scores = [] }
    refuse("scores[1] is no number", piece) { $0.scores?[1] = .nan }
    refuse("256 bytes", piece) { $0.types?[10] = 1 }
  }
}
