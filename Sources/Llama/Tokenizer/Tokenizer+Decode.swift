extension Tokenizer {
  /// The bytes a token stands for inside of a text; empty for an unknown id.
  public func bytes(of id: Int32) -> [UInt8] { id < 0 ? [] : decoder.bytes(of: Int(id)) }

  /// The text of these tokens; bytes that are no valid UTF-8 become U+FFFD. Ids outside of the vocabulary are skipped.
  public func decode(_ ids: [Int32], skippingSpecialTokens: Bool = false) -> String {
    decoder.decode(
      ids.lazy.filter { id in
        id >= 0 && id < vocabularySize && !(skippingSpecialTokens && specialIDs.contains(id))
      }.map { Int($0) })
  }

  /// A decoder of tokens that come one by one.
  public func stream(skippingSpecialTokens: Bool = false) -> TokenStream {
    TokenStream(tokenizer: self, skipsSpecialTokens: skippingSpecialTokens)
  }
}

/// Decodes tokens as they come. What it gives is always whole characters: bytes of one that is not complete yet are held
/// back until the rest of it comes.
///
/// All that it gives, in one, is what `decode` gives for the same tokens when that is valid UTF-8. Of bytes that are
/// not, `decode` makes a U+FFFD for each byte of their run where the tokenizer falls back to bytes; here it is one for
/// each sequence that breaks off.
public struct TokenStream: Sendable {
  private let tokenizer: Tokenizer
  private let skipsSpecialTokens: Bool
  private var pending: [UInt8] = []
  private var state = TokenDecoder.Start()

  init(tokenizer: Tokenizer, skipsSpecialTokens: Bool) {
    self.tokenizer = tokenizer
    self.skipsSpecialTokens = skipsSpecialTokens
  }

  /// The text that this token completes; often none, sometimes several characters.
  public mutating func append(_ id: Int32) -> String {
    guard id >= 0, id < tokenizer.vocabularySize, !(skipsSpecialTokens && tokenizer.isSpecial(id)) else {
      return ""
    }
    tokenizer.decoder.append(Int(id), to: &pending, &state)
    let end = pending.count - UTF8Tail.incompleteCount(pending)
    defer { pending.removeFirst(end) }
    return String(decoding: pending[..<end], as: UTF8.self)
  }

  /// What is left: U+FFFD when the tokens ended inside of a character.
  public mutating func finish() -> String {
    defer { pending = [] }
    return String(decoding: pending, as: UTF8.self)
  }
}

/// The end of a text whose last character may not be complete.
enum UTF8Tail {
  /// How many bytes at the end begin a character that more bytes could complete.
  static func incompleteCount(_ bytes: [UInt8]) -> Int {
    for count in 1...3 where count <= bytes.count {
      let byte = bytes[bytes.count - count]
      if byte < 0x80 { return 0 }
      if byte & 0xC0 == 0x80 { continue }
      let length = byte >= 0xF5 || byte < 0xC2 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2
      guard count < length else { return 0 }
      if count >= 2 {
        let second = bytes[bytes.count - count + 1]
        let isPossible =
          switch byte {
          case 0xE0: second >= 0xA0
          case 0xED: second < 0xA0
          case 0xF0: second >= 0x90
          case 0xF4: second < 0x90
          default: true
          }
        if !isPossible { return 0 }
      }
      return count
    }
    return 0
  }
}
