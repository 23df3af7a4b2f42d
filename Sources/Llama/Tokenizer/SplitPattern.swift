/// A regular expression of a pre-tokenizer, matched by hand.
///
/// Every position of every text begins a match, so a pattern is a function from a position to the end of its match.
/// Sources: GPT-2's encoder.py; the `Split` patterns in the tokenizer.json files of Llama 3 and Qwen2.
enum SplitPattern: Sendable, Equatable {
  /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  case gpt2
  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,k}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
  /// with k = `digits`: 3 in Llama 3 (and GPT-4), 1 in Qwen2.
  case llama3(digits: Int)

  private static let gpt2Text = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#
  private static func llama3Text(_ digits: String) -> String {
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|"# + digits
      + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  }

  /// The pattern with this text, or nil when it is not one of the known ones.
  init?(text: String) {
    switch text {
    case Self.gpt2Text: self = .gpt2
    case Self.llama3Text(#"\p{N}{1,3}"#): self = .llama3(digits: 3)
    case Self.llama3Text(#"\p{N}"#): self = .llama3(digits: 1)
    default: return nil
    }
  }

  /// The pattern as a regular expression.
  var text: String {
    switch self {
    case .gpt2: Self.gpt2Text
    case .llama3(digits: 1): Self.llama3Text(#"\p{N}"#)
    case .llama3(let digits): Self.llama3Text(#"\p{N}{1,\#(digits)}"#)
    }
  }

  /// The end of the match that begins at `start`, which is a scalar boundary before the end of `text`.
  @inline(__always)
  func matchEnd(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
    switch self {
    case .gpt2: Self.gpt2End(text, start)
    case .llama3(let digits): Self.llama3End(text, start, digits: digits)
    }
  }

  private static func gpt2End(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    let first = text[start]
    if first == UInt8(ascii: "'"), let end = contraction(text, start, anyCase: false) { return end }
    var (kind, next) = ScalarClass.read(text, at: start)
    if first == UInt8(ascii: " "), next < text.count {
      let following = ScalarClass.read(text, at: next)
      if following.0 != .space { (kind, next) = following }
    }
    if kind == .space { return whitespaceEnd(text, start, stopsAfterNewline: false) }
    return runEnd(text, next, of: kind)
  }

  private static func llama3End(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, digits: Int) -> Int {
    let first = text[start]
    if first == UInt8(ascii: "'"), let end = contraction(text, start, anyCase: true) { return end }
    let (kind, next) = ScalarClass.read(text, at: start)
    if kind == .letter { return runEnd(text, next, of: .letter) }
    if kind == .number {
      var end = next
      for _ in 1..<max(digits, 1) where end < text.count {
        let (following, after) = ScalarClass.read(text, at: end)
        if following != .number { break }
        end = after
      }
      return end
    }
    var second: (ScalarClass, next: Int)?
    if next < text.count {
      let following = ScalarClass.read(text, at: next)
      if following.0 == .letter, !isNewline(first) { return runEnd(text, following.next, of: .letter) }
      second = following
    }
    if kind == .other { return newlinesEnd(text, runEnd(text, next, of: .other)) }
    if first == UInt8(ascii: " "), let second, second.0 == .other {
      return newlinesEnd(text, runEnd(text, second.next, of: .other))
    }
    return whitespaceEnd(text, start, stopsAfterNewline: true)
  }

  @inline(__always)
  private static func isNewline(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

  /// Where the scalars of one class end.
  @inline(__always)
  private static func runEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, of kind: ScalarClass) -> Int {
    var end = start
    while end < text.count {
      let (following, next) = ScalarClass.read(text, at: end)
      if following != kind { break }
      end = next
    }
    return end
  }

  private static func newlinesEnd(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var end = start
    while end < text.count, isNewline(text[end]) { end += 1 }
    return end
  }

  /// `\s+(?!\S)|\s+`, and before it `\s*[\r\n]+` when `stopsAfterNewline`.
  private static func whitespaceEnd(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, stopsAfterNewline: Bool
  ) -> Int {
    var end = start
    var lastStart = start
    var afterNewline: Int?
    while end < text.count {
      let (kind, next) = ScalarClass.read(text, at: end)
      if kind != .space { break }
      lastStart = end
      if isNewline(text[end]) { afterNewline = next }
      end = next
    }
    if stopsAfterNewline, let afterNewline { return afterNewline }
    // Before a word, the last whitespace stays for the word, unless it is the only one.
    return end == text.count || lastStart == start ? end : lastStart
  }

  /// The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d`; with `anyCase` under Unicode's simple case folding,
  /// in which U+017F (long s) is an s.
  private static func contraction(
    _ text: UnsafeBufferPointer<UInt8>, _ start: Int, anyCase: Bool
  ) -> Int? {
    guard start + 1 < text.count else { return nil }
    let lower: UInt8 = anyCase ? 0x20 : 0
    switch text[start + 1] | lower {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"): return start + 2
    case 0xC5 | lower where anyCase && text[start + 1] == 0xC5 && text[start + 2] == 0xBF: return start + 3
    case let letter:
      guard start + 2 < text.count else { return nil }
      switch (letter, text[start + 2] | lower) {
      case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
        (UInt8(ascii: "l"), UInt8(ascii: "l")):
        return start + 3
      default: return nil
      }
    }
  }
}
