/// Default word boundaries of the Unicode Standard: UAX #29, section 4.1.1, rules WB1 to WB999.
struct WordSegments: Sendable {
  /// How Katakana is treated.
  enum Katakana {
    /// As the rules say: a run of it is one word.
    case joined
    /// Like the other scripts that put no spaces between words: no rule joins it.
    case separate
  }

  private let properties = ScalarProperties.shared
  private let katakana: Katakana

  init(_ katakana: Katakana = .joined) { self.katakana = katakana }

  /// The segment that begins at the boundary `start`, which is before `end`: where it ends, and whether it has a letter
  /// or a number in it.
  ///
  /// Takes time in proportion to the segment and the ignored characters after it.
  func segment(_ text: UnsafePointer<UInt8>, from start: Int, end: Int) -> (end: Int, hasWord: Bool) {
    var (first, position) = read(text, at: start, end: end)
    var hasWord = first.isWord
    /// The last character that WB4 does not pass over; the first one in any case.
    var left = wordBreak(first)
    var previous = left
    // WB3
    if left == .carriageReturn, position < end, text[position] == 0x0A { return (position + 1, false) }
    if left.isNewline { return (position, hasWord) }  // WB3a
    // What begins a segment is never what WB4 passes over.
    if left.isIgnored { left = .other }
    /// Characters of this kind so far, of those that come in twos.
    var indicators = left == .regionalIndicator ? 1 : 0
    /// Between two letters or numbers, the one before the mark.
    var beforeMid = WordBreak.other
    while position < end {
      let (value, next) = read(text, at: position, end: end)
      let right = wordBreak(value)
      if right.isNewline { break }  // WB3b
      if previous == .joiner && value.isPictograph || previous == .space && right == .space {  // WB3c, WB3d
        left = right
        beforeMid = .other
      } else if right.isIgnored {  // WB4
        previous = right
        position = next
        hasWord = hasWord || value.isWord
        continue
      } else if joins(left, right, beforeMid) {
        left = right
        beforeMid = .other
      } else if left.isLetter, right == .midLetter || right.isMidNumLetQ,
        following(text, from: next, end: end).isLetter  // WB6
      {
        (beforeMid, left) = (.letter, right)
      } else if left == .hebrewLetter, right == .doubleQuote,
        following(text, from: next, end: end) == .hebrewLetter  // WB7b
      {
        (beforeMid, left) = (.letter, right)
      } else if left == .numeric, right == .midNum || right.isMidNumLetQ,
        following(text, from: next, end: end) == .numeric  // WB12
      {
        (beforeMid, left) = (.numeric, right)
      } else if left == .hebrewLetter, right == .singleQuote {  // WB7a
        left = right
      } else if left == .regionalIndicator, right == .regionalIndicator, indicators & 1 == 1 {  // WB15, WB16
        indicators += 1
      } else {  // WB999
        break
      }
      previous = right
      position = next
      hasWord = hasWord || value.isWord
    }
    return (position, hasWord)
  }

  /// Rules WB5 to WB13b but for those that look ahead, the second halves of which are told by `beforeMid`.
  @inline(__always)
  private func joins(_ left: WordBreak, _ right: WordBreak, _ beforeMid: WordBreak) -> Bool {
    if left.isLetter || left == .numeric {
      return right.isLetter || right == .numeric || right == .extendNumLet  // WB5, WB8 to WB10, WB13a
    }
    switch left {
    case .katakana: return right == .katakana || right == .extendNumLet  // WB13, WB13a
    case .extendNumLet:
      return right.isLetter || right == .numeric || right == .katakana || right == .extendNumLet  // WB13a, b
    default:
      // WB7, WB7c, WB11: that the right one is there was seen at the mark.
      return beforeMid == .letter && right.isLetter || beforeMid == .numeric && right == .numeric
    }
  }

  /// The first character at or after `position` that WB4 does not pass over.
  private func following(_ text: UnsafePointer<UInt8>, from position: Int, end: Int) -> WordBreak {
    var position = position
    while position < end {
      let (value, next) = read(text, at: position, end: end)
      let found = wordBreak(value)
      if !found.isIgnored { return found }
      position = next
    }
    return .other
  }

  @inline(__always)
  private func wordBreak(_ value: ScalarProperties.Value) -> WordBreak {
    let found = value.wordBreak
    return found == .katakana && katakana == .separate ? .other : found
  }

  @inline(__always)
  private func read(
    _ text: UnsafePointer<UInt8>, at position: Int, end: Int
  ) -> (value: ScalarProperties.Value, next: Int) {
    let (scalar, next) = UTF8Decoding.scalar(text, at: position, end: end)
    return (properties[scalar], next)
  }
}
