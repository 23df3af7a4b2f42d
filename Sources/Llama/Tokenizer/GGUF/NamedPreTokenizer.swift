/// The pre-tokenizers that GGUF files call by name, in `tokenizer.ggml.pre`.
///
/// Source: llama.cpp, `llama-vocab.cpp`; the expressions are those of the models' own tokenizer.json files.
struct NamedPreTokenizer {
  let steps: [PreTokenizer.Step]
  /// A piece that is a token as a whole is not merged.
  let looksUpWholePieces: Bool
  /// Whether texts begin with the beginning-of-sequence token when the file does not say.
  let addsBOS: Bool

  /// The names that are known.
  static let names = [
    "command-r", "dbrx", "deepseek-coder", "deepseek-llm", "deepseek-r1-qwen", "deepseek-v3", "default",
    "falcon",
    "gpt-2", "llama-bpe", "llama-v3", "llama3", "mpt", "olmo", "qwen2", "qwen35", "refact", "smaug-bpe",
    "smollm",
    "stablelm2", "starcoder",
  ]

  /// The pre-tokenizer of this name, or nil when it is not known.
  init?(_ name: String) {
    var looksUpWholePieces = false
    switch name {
    case "llama3", "llama-v3", "llama-bpe":
      steps = [.split(.llama3(digits: 3))]
      looksUpWholePieces = true
    case "dbrx", "smaug-bpe": steps = [.split(.llama3(digits: 3))]
    case "qwen2", "deepseek-r1-qwen", "stablelm2": steps = [.split(.llama3(digits: 1))]
    case "gpt-2", "mpt", "olmo": steps = [.split(.gpt2)]
    case "smollm", "starcoder", "refact", "command-r":
      steps = [.digits(individually: true), .split(.gpt2)]
    default:
      guard let texts = Self.expressions(name) else { return nil }
      steps = texts.compactMap { text in
        if let pattern = SplitPattern(text: text) { return .split(pattern) }
        return (try? SplitExpression(text)).map { .matches($0, keepsRest: true) }
      }
      // A test reads them all; one that could not be read must not be left out.
      guard steps.count == texts.count else { return nil }
    }
    self.looksUpWholePieces = looksUpWholePieces
    addsBOS = looksUpWholePieces
  }

  /// Expressions that are applied one after another.
  private static func expressions(_ name: String) -> [String]? {
    let gpt2 = SplitPattern.gpt2.text
    switch name {
    case "default": return [#"[\p{P}\$\+<=>\^~\|]+"#, gpt2, #"\p{N}+"#, "[0-9][0-9][0-9]"]
    case "falcon": return [#"[\p{P}\$\+<=>\^~\|`]+"#, gpt2, "[0-9][0-9][0-9]"]
    case "deepseek-coder": return [#"[\r\n]"#, #"\s?\p{L}+"#, #"\s?\p{P}+"#, "[一-龥ࠀ-一가-퟿]+", #"\p{N}"#]
    case "deepseek-llm":
      return [
        #"[\r\n]"#, #"\s?["# + casedLetters + "]+", #"\s?[!-/:-~！-／：-～‘-‟　-。]+"#, #"\s+$"#, "[一-龥ࠀ-一가-퟿]+",
        #"\p{N}+"#,
      ]
    case "deepseek-v3":
      return [
        #"\p{N}{1,3}"#, "[一-龥぀-ゟ゠-ヿ]+",
        ##"[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"##
          + #"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
      ]
    case "qwen35":
      return [
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|\p{N}"#
          + #"| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
      ]
    default: return nil
    }
  }

  /// The letters of scripts with two cases, as ranges: part of the expression of DeepSeek LLM.
  private static let casedLetters =
    #"A-Za-zµÀ-ÖØ-öø-ƺƼ-ƿǄ-ʓʕ-ʯͰ-ͳͶͷͻ-ͽͿΆΈ-ΊΌΎ-ΡΣ-ϵϷ-ҁҊ-ԯԱ-ՖႠ-ჅᎠ-Ᏽᏸ-ᏽᲐ"#
    + #"-ᲺᲽ-Ჿᴀ-ᴫᵫ-ᵷᵹ-ᶚḀ-ἕἘ-Ἕἠ-ὅὈ-Ὅὐ-ὗὙὛὝὟ-ώᾀ-ᾴᾶ-ᾼιῂ-ῄῆ-ῌῐ-ΐῖ-Ίῠ-Ῥῲ-ῴῶ-ῼℂ"#
    + #"ℇℊ-ℓℕℙ-ℝℤΩℨK-ℭℯ-ℴℹℼ-ℿⅅ-ⅉⅎↃↄⰀ-ⱻⱾ-ⳤⳫ-ⳮⳲⳳꙀ-ꙭꚀ-ꚛꜢ-ꝯꝱ-ꞇꞋ-ꞎꭰ-ꮿﬀ-ﬆﬓ-ﬗＡ-"#
    + #"Ｚａ-ｚ𐐀-𐑏𐒰-𐓓𐓘-𐓻𐲀-𐲲𐳀-𐳲𑢠-𑣟𞤀-𞥃"#
}
