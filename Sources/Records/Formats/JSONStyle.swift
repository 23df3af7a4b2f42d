/// The white space and escapes of a JSON row.
///
/// The four texts are those of the row's own object; values inside it follow from them: on one line the same
/// texts, over several lines one more indentation a level.
public struct JSONStyle: Sendable, Equatable {
  /// Between `{` and the first key.
  public var open: [UInt8]
  /// Between two members, with the comma.
  public var comma: [UInt8]
  /// Between a key and its value, with the colon.
  public var colon: [UInt8]
  /// Between the last value and `}`.
  public var close: [UInt8]
  /// Which characters of strings are escaped.
  public var escaping: Escaping

  /// A style from its parts.
  public init(open: [UInt8], comma: [UInt8], colon: [UInt8], close: [UInt8], escaping: Escaping = Escaping())
  {
    self.open = open
    self.comma = comma
    self.colon = colon
    self.close = close
    self.escaping = escaping
  }

  /// No white space at all.
  public static let compact = JSONStyle(open: [], comma: Array(",".utf8), colon: Array(":".utf8), close: [])
  /// As Python's `json.dumps` writes it, without its ASCII escapes.
  public static let spaced = JSONStyle(open: [], comma: Array(", ".utf8), colon: Array(": ".utf8), close: [])
  /// As Python's `json.dump(indent=4)` writes the objects of an array, without its ASCII escapes.
  public static let indented = JSONStyle(
    open: Array("\n        ".utf8), comma: Array(",\n        ".utf8), colon: Array(": ".utf8),
    close: Array("\n    ".utf8))
}

/// Which characters a writer escapes beyond those that JSON requires.
public struct Escaping: Sendable, Equatable {
  /// Characters above U+007F as `\uXXXX` (Python's `ensure_ascii`, pandas, PHP).
  public var isASCII: Bool
  /// `\/` for every slash (PHP, pandas).
  public var slash: Bool
  /// `\u003c`, `\u003e` and `\u0026` for `<`, `>` and `&` (Go).
  public var markup: Bool
  /// U+2028 and U+2029 (Go).
  public var lineSeparators: Bool
  /// Hexadecimal digits in upper case.
  public var upperCase: Bool

  /// An escaping; by default only what JSON requires, as RFC 8785.
  public init(
    isASCII: Bool = false, slash: Bool = false, markup: Bool = false, lineSeparators: Bool = false,
    upperCase: Bool = false
  ) {
    self.isASCII = isASCII
    self.slash = slash
    self.markup = markup
    self.lineSeparators = lineSeparators
    self.upperCase = upperCase
  }
}
