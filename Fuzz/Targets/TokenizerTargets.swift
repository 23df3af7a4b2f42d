import Llama
import Records

extension FuzzTarget {
  /// A tokenizer.json, and a text that it encodes when it is accepted: the text follows the first zero byte.
  static let tokenizerJSON = FuzzTarget("tokenizer-json", longest: 8192) { input in
    let (file, text) = parts(input)
    do {
      try exercise(Tokenizer(json: JSON.parse(file), path: "tokenizer.json"), text)
    } catch is TokenizerError {
      return false
    } catch is JSONFailure {
      return false
    }
    return true
  }

  /// A tokenizer.model, framed by a text as above.
  static let tokenizerModel = FuzzTarget("tokenizer-model", longest: 8192) { input in
    guard let length = input.first.map(Int.init), input.count > length else { return false }
    let text = String(decoding: input[1..<(length + 1)], as: UTF8.self)
    do {
      let file = Array(input[(length + 1)...])
      try exercise(
        Tokenizer(sentencePiece: file, path: "tokenizer.model", addsBOS: false), text)
    } catch is TokenizerError {
      return false
    }
    return true
  }

  private static func parts(_ input: [UInt8]) -> (file: [UInt8], text: String) {
    guard let end = input.firstIndex(of: 0) else {
      return (input, "The patient's fever isn't\n\n 12 \u{2581}½")
    }
    return (Array(input[..<end]), String(decoding: input[(end + 1)...], as: UTF8.self))
  }

  /// Whatever a tokenizer was read from, its tokens are its own, and the same every time.
  private static func exercise(_ tokenizer: Tokenizer, _ text: String) throws {
    for findsSpecial in [true, false] {
      let tokens = tokenizer.encode(text, findsSpecial: findsSpecial)
      try promise(
        tokens.allSatisfy { $0 >= 0 && $0 < tokenizer.vocabularySize },
        "a token is outside of the vocabulary: \(tokens)")
      let plain = tokenizer.encode(text, frames: false, findsSpecial: findsSpecial)
      // The cache is warm now.
      try promise(
        tokenizer.encode(text, frames: false, findsSpecial: findsSpecial) == plain,
        "the same text has other tokens")
      var stream = tokenizer.stream()
      var streamed = ""
      for token in plain { streamed += stream.append(token) }
      streamed += stream.finish()
      let decoded = tokenizer.decode(plain)
      try promise(
        decoded.unicodeScalars.contains("\u{FFFD}") || streamed.utf8.elementsEqual(decoded.utf8),
        "a stream gives \(streamed.debugDescription) for \(decoded.debugDescription)")
    }
  }
}
