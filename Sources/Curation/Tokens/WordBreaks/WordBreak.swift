/// Values of Unicode's Word_Break property (UAX #29, table 3), as ``WordBreakTable`` numbers them.
enum WordBreak: UInt8 {
  case other, carriageReturn, lineFeed, newline, extend, joiner, format, regionalIndicator, katakana,
    hebrewLetter
  case letter, singleQuote, doubleQuote, midNumLet, midLetter, midNum, numeric, extendNumLet, space

  /// AHLetter of UAX #29.
  @inline(__always)
  var isLetter: Bool { self == .letter || self == .hebrewLetter }

  /// What rule WB4 passes over.
  @inline(__always)
  var isIgnored: Bool { self == .extend || self == .joiner || self == .format }

  /// Newline, CR and LF of rules WB3a and WB3b.
  @inline(__always)
  var isNewline: Bool { self == .newline || self == .carriageReturn || self == .lineFeed }

  /// MidNumLetQ of UAX #29.
  @inline(__always)
  var isMidNumLetQ: Bool { self == .midNumLet || self == .singleQuote }
}
