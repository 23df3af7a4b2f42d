import Records
import Testing

@testable import Llama

/// SentencePiece's tokenizers between folders and GGUF files: the tokens stay the same.
@Suite struct PieceConversionTests {
  private static let texts = [
    "", "ab", "bab", "b bab", " a  b   ab", "xyb é\n", "ab ba ab", "a\u{2581}b", "aaaa bbbb abab baba",
  ]

  /// A folder with a tokenizer.model, and other files.
  private func folder(_ place: TemporaryFolder, _ model: [UInt8], _ files: [String: String] = [:]) throws
    -> String
  {
    let path = place("model")
    try makeFolder(path)
    try OutputFile.replace(path + "/tokenizer.model", with: model)
    for (name, text) in files { try OutputFile.replace(path + "/" + name, with: Array(text.utf8)) }
    return path
  }

  private func llama(normalizer: [UInt8] = ModelBytes.number(4, 0), hasContest: Bool = false) -> [UInt8] {
    let bytes = (0..<256).map { ModelBytes.piece(ByteToken.text(of: UInt8($0)), 0, 6) }
    // Without the pieces of equal scores that stand in each other's way.
    let own = ModelBytes.model(
      pieces: bytes, trainer: ModelBytes.number(3, 2) + ModelBytes.number(35, 1), normalizer: normalizer)
    let contested = ModelBytes.piece("ba", -2)
    let place = own.indices.first { own[$0...].starts(with: contested) } ?? own.endIndex
    return hasContest
      ? own : Array(own[..<place]) + ModelBytes.piece("ba", -3) + Array(own[(place + contested.count)...])
  }

  private func gguf(_ folder: String, vocabulary: Int = 270) throws -> GGUFTokenizer {
    try GGUFTokenizer(folder: folder, configuration: .object([]), vocabulary: vocabulary)
  }

  @Test(arguments: [true, false]) func thereAndBack(_ hasPrefix: Bool) throws {
    let place = try TemporaryFolder()
    let normalizer = ModelBytes.number(4, 0) + ModelBytes.number(3, hasPrefix ? 1 : 0)
    let path = try folder(place, llama(normalizer: normalizer))
    let original = try Tokenizer(sentencePiecePath: path + "/tokenizer.model")
    let values = try gguf(path)
    #expect(values.model == "llama" && values.tokens.count == 270 && values.scores?.count == 270)
    #expect(values.ids == ["bos": 1, "eos": 2, "unknown": 0])
    #expect(values.addsBeginning == true && values.addsEnd == false && values.addsSpacePrefix == hasPrefix)
    let inFile = try Tokenizer(gguf: GGUFVocabulary(values), path: "x.gguf")

    let files = try TokenizerFiles(values, path: "x.gguf", maxPositions: 64).files()
    for file in files { try OutputFile.replace(path + "/" + file.name, with: file.bytes) }
    let back = try Tokenizer(jsonPath: path + "/tokenizer.json")
    // The folder has a tokenizer.json now, whose scores are the ranks of its merges.
    let again = try Tokenizer(gguf: GGUFVocabulary(try gguf(path)), path: "x.gguf")
    for text in Self.texts {
      let tokens = original.encode(text)
      #expect(
        inFile.encode(text) == tokens && back.encode(text) == tokens && again.encode(text) == tokens,
        "\(text)")
      #expect(back.decode(tokens) == original.decode(tokens))
    }
  }

  @Test func namesOfTheConfiguration() throws {
    let place = try TemporaryFolder()
    let configuration =
      #"{"add_bos_token":false,"add_eos_token":true,"bos_token":"</s>","chat_template":"{{ x }}"}"#
    let values = try gguf(try folder(place, llama(), ["tokenizer_config.json": configuration]))
    #expect(values.addsBeginning == false && values.addsEnd == true && values.chatTemplate == "{{ x }}")
    #expect(values.ids["bos"] == 2 && values.ids["eos"] == 2)
  }

  @Test func refused() throws {
    let place = try TemporaryFolder()
    func refuse(_ says: String, _ work: () throws -> Void) {
      do {
        try work()
        Issue.record("accepted")
      } catch { #expect("\(error)".contains(says), "\(error)") }
    }
    refuse("fall back to bytes") { _ = try gguf(folder(place, ModelBytes.model())) }
    refuse("drops spaces") { _ = try gguf(folder(place, llama(normalizer: ModelBytes.number(4, 1)))) }
    refuse("do not belong together") { _ = try gguf(folder(place, llama()), vocabulary: 264) }
    var values = try gguf(folder(place, llama()))
    values.tokens[9] = Array("<0x".utf8)
    let contested = try gguf(folder(place, llama(hasContest: true)))
    refuse("equal scores") { _ = try TokenizerFiles(contested, path: "x.gguf", maxPositions: 64).files() }
    refuse("has not all 256 bytes") {
      _ = try TokenizerFiles(values, path: "x.gguf", maxPositions: 64).files()
    }
  }

  /// Merges of which only some pairs that make a piece are known: llama.cpp would merge the others too.
  @Test func mergesThatScoresCannotSay() throws {
    let place = try TemporaryFolder()
    let path = try folder(place, llama())
    for file in try TokenizerFiles(gguf(path), path: "x.gguf", maxPositions: 64).files() {
      try OutputFile.replace(path + "/" + file.name, with: file.bytes)
    }
    let json = path + "/tokenizer.json"
    var file = try JSON.parse(try InputFile.contents(of: json, limit: 1 << 20))
    file = .object(
      (file.object ?? []).map { member in
        guard member.name == "model" else { return member }
        let model = (member.value.object ?? []).map { part in
          part.name == "merges"
            ? JSONMember("merges", .array(Array((part.value.array ?? []).dropFirst()))) : part
        }
        return JSONMember("model", .object(model))
      })
    try OutputFile.replace(json, with: ConfigurationText.encode(file))
    // The folder without a merge is a tokenizer all the same.
    _ = try Tokenizer(jsonPath: json)
    #expect(throws: ModelConversionError.self) { try gguf(path) }
  }
}
