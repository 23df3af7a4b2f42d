import Records
import Testing

@testable import Llama

@Suite struct TokenizerTests {
  static let byteLevel = #"{"type":"ByteLevel","add_prefix_space":false,"use_regex":true}"#

  /// A tokenizer.json over all bytes (ids 0–255) with the merges h+e and he+y, and one special token.
  static func json(
    merges: String = #"["h e","he y"]"#, added: String = "", top: String = "", model: String = "",
    pre: String = byteLevel
  ) -> String {
    var vocabulary = ByteAlphabet.scalars.enumerated().map { index, scalar in
      #""\#(scalar == "\"" || scalar == "\\" ? "\\" : "")\#(scalar)":\#(index)"#
    }
    vocabulary += [#""he":256"#, #""hey":257"#]
    return """
      {"added_tokens":[{"id":258,"content":"<s>","special":true}\(added)],"pre_tokenizer":\(pre),
      "decoder":{"type":"ByteLevel"}\(top),
      "model":{"type":"BPE","merges":\(merges),"vocab":{\(vocabulary.joined(separator: ","))}\(model)}}
      """
  }

  static func make(_ text: String) throws -> Tokenizer {
    try Tokenizer(json: JSON.parse(Array(text.utf8)), path: "tokenizer.json")
  }

  @Test func encodesAndDecodes() throws {
    let tokenizer = try Self.make(Self.json())
    #expect(tokenizer.vocabularySize == 259)
    #expect(tokenizer.encode("hey <s>he") == [257, 32, 258, 256])
    #expect(tokenizer.encode("") == [])
    #expect(tokenizer.decode([257, 32, 258, 256]) == "hey <s>he")
    #expect(tokenizer.decode([257, 32, 258, 256], skippingSpecialTokens: true) == "hey he")
    #expect(tokenizer.decode([-1, 9999, 0xC3]) == "\u{FFFD}")
    #expect(tokenizer.id(of: "<s>") == 258)
    #expect(tokenizer.id(of: "none") == nil)
    #expect(tokenizer.bytes(of: 257) == Array("hey".utf8))
    #expect(tokenizer.bytes(of: -5) == [])
  }

  @Test func mergesAsPairs() throws {
    let pairs = try Self.make(Self.json(merges: #"[["h","e"],["he","y"]]"#))
    #expect(pairs.encode("hey") == [257])
    #expect(try Self.make(Self.json(merges: ##"["#version: 0.2","h e"]"##)).encode("hey") == [256, 121])
  }

  @Test func wholePieces() throws {
    #expect(try Self.make(Self.json(merges: "[]")).encode("hey") == [104, 101, 121])
    #expect(try Self.make(Self.json(merges: "[]", model: #","ignore_merges":true"#)).encode("hey") == [257])
  }

  @Test func everyTextComesBack() throws {
    let tokenizer = try Self.make(Self.json())
    var random = SplitMix64(seed: 1)
    for _ in 0..<200 {
      var scalars = String.UnicodeScalarView()
      while scalars.count < 40 {
        if let scalar = Unicode.Scalar(UInt32(random.next(below: 0x110000) >> random.next(below: 17))) {
          scalars.append(scalar)
        }
      }
      let text = String(scalars)
      #expect(tokenizer.decode(tokenizer.encode(text)).utf8.elementsEqual(text.utf8))
    }
  }

  @Test func frame() throws {
    let template = #"""
      ,"post_processor":{"type":"Sequence","processors":[{"type":"ByteLevel"},{"type":"TemplateProcessing",
      "single":[{"SpecialToken":{"id":"<s>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"pair":[],
      "special_tokens":{"<s>":{"id":"<s>","ids":[258],"tokens":["<s>"]}}}]}
      """#
    let tokenizer = try Self.make(Self.json(top: template))
    #expect(tokenizer.encode("hey") == [258, 257])
    #expect(tokenizer.encode("hey", frames: false) == [257])
    #expect(tokenizer.encode("") == [258])
    let frame = SpecialTokenFrame(before: [1], after: [2, 3])
    #expect(frame.framing([7, 8, 9]) == [1, 7, 8, 9, 2, 3])
    #expect(frame.framing([7, 8, 9], limit: 5) == [1, 7, 8, 2, 3])
    #expect(frame.framing([7, 8, 9], limit: 2) == [1, 2])
  }

  @Test func addedTokens() throws {
    func parts(_ text: String, _ tokens: AddedToken...) -> [String] {
      var text = text
      return text.withUTF8 { bytes in
        AddedTokenFinder(tokens).parts(of: bytes).map { part in
          switch part {
          case .token(let id): "#\(id)"
          case .text(let range): String(decoding: bytes[range], as: UTF8.self)
          }
        }
      }
    }
    func token(_ text: String, _ id: Int32, single: Bool = false, left: Bool = false, right: Bool = false)
      -> AddedToken
    {
      AddedToken(
        content: text, id: id, singleWord: single, stripsLeft: left, stripsRight: right, isNormalized: false,
        isSpecial: true)
    }
    #expect(parts("a<x>b<x><y", token("<x>", 1), token("<y", 2)) == ["a", "#1", "b", "#1", "#2"])
    // The longest at a place wins; a failed longer one does not hide the shorter.
    #expect(parts("<ab><a", token("<a", 1), token("<ab>", 2)) == ["#2", "#1"])
    #expect(parts("<aby", token("<a", 1), token("<ab>", 2)) == ["#1", "by"])
    #expect(parts("a \u{3000}<x> \n b", token("<x>", 1, left: true, right: true)) == ["a", "#1", "b"])
    #expect(parts("<x> <x>", token("<x>", 1, left: true, right: true)) == ["#1", "#1"])
    #expect(parts("xab ab é-abé", token("ab", 1, single: true)) == ["xab ", "#1", " é-abé"])
    #expect(parts("", token("a", 1)) == [])
    #expect(parts("abc", token("", 1)) == ["abc"])
    #expect(parts("abc") == ["abc"])
  }

  struct Wrong: Sendable, CustomTestStringConvertible {
    var json: String
    var names: String
    var testDescription: String { names }
  }

  static let wrong: [Wrong] = [
    Wrong(json: "[]", names: "is not an object"),
    Wrong(json: "{}", names: "model is missing"),
    Wrong(json: #"{"model":[]}"#, names: "model is not an object"),
    Wrong(json: #"{"model":{"type":"Unigram"}}"#, names: "model.type"),
    Wrong(json: #"{"model":{"type":"BPE"}}"#, names: "model.vocab"),
    Wrong(json: #"{"model":{"type":"BPE","vocab":{"a":-1}}}"#, names: "model.vocab"),
    Wrong(json: #"{"model":{"type":"BPE","vocab":{"a":1.5}}}"#, names: "model.vocab"),
    Wrong(json: #"{"model":{"type":"BPE","vocab":{"a":1e15}}}"#, names: "model.vocab"),
    Wrong(json: #"{"model":{"type":"BPE","vocab":{"a":16777216}}}"#, names: "for 1 tokens"),
    Wrong(json: #"{"model":{"type":"BPE","vocab":{"a":0,"b":0},"merges":[]}}"#, names: "two tokens the id 0"),
    Wrong(json: json(merges: "7"), names: "model.merges"),
    Wrong(json: json(merges: "[7]"), names: "model.merges[0]"),
    Wrong(json: json(merges: #"["h e","he"]"#), names: "model.merges[1]"),
    Wrong(json: json(merges: #"["h  e"]"#), names: "model.merges[0]"),
    Wrong(json: json(merges: #"[["h","e","y"]]"#), names: "model.merges[0]"),
    Wrong(json: json(merges: #"["e h"]"#), names: "needs \"eh\""),
    Wrong(json: json(model: #","byte_fallback":true"#), names: "model.byte_fallback"),
    Wrong(json: json(model: #","unk_token":"<unk>""#), names: "model.unk_token"),
    Wrong(json: json(model: #","dropout":0.1"#), names: "model.dropout"),
    Wrong(json: json(model: #","end_of_word_suffix":"</w>""#), names: "model.end_of_word_suffix"),
    Wrong(
      json: json(model: ##","continuing_subword_prefix":"#""##), names: "model.continuing_subword_prefix"),
    Wrong(json: json(top: #","normalizer":{"type":"Lowercase"}"#), names: "normalizer.type"),
    Wrong(json: json(top: #","post_processor":{"type":"BertProcessing"}"#), names: "post_processor.type"),
    Wrong(json: json(pre: #"{"type":"Whitespace"}"#), names: "pre_tokenizer.type"),
    Wrong(json: json(pre: #"{"type":"Metaspace","replacement":"ab"}"#), names: "pre_tokenizer.replacement"),
    Wrong(
      json: json(pre: #"{"type":"Metaspace","prepend_scheme":"x"}"#), names: "pre_tokenizer.prepend_scheme"),
    Wrong(
      json: json(pre: #"{"type":"Sequence","pretokenizers":[\#(byteLevel),\#(byteLevel)]}"#),
      names: "after ByteLevel"),
    Wrong(
      json: json(
        pre:
          #"{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"Regex":"x+?"},"behavior":"Isolated"},\#(byteLevel)]}"#
      ),
      names: "pretokenizers[0].pattern"),
    Wrong(
      json: json(
        pre:
          #"{"type":"Sequence","pretokenizers":[{"type":"Split","pattern":{"String":" "},"behavior":"Isolated"},\#(byteLevel)]}"#
      ),
      names: "pretokenizers[0].pattern"),
    Wrong(json: json(added: #",{"id":300,"content":"<t>"}"#), names: "would be 259"),
    Wrong(json: json(added: #",{"id":9,"content":"he"}"#), names: "would be 256"),
    Wrong(json: json(added: #",{"content":"he"}"#), names: "added_tokens[1].id"),
  ]

  @Test(arguments: wrong) func refused(_ wrong: Wrong) {
    let failure = #expect(throws: TokenizerError.self) { try Self.make(wrong.json) }
    let description = failure?.description ?? "accepted"
    #expect(description.contains(wrong.names) && description.hasPrefix("tokenizer.json"), "\(description)")
  }
}
