/// The white space of one object or array.
struct LevelStyle: Sendable {
  let open, comma, close: [UInt8]
}

extension JSONStyle {
  /// True when values stand on lines of their own.
  var isIndented: Bool { open.contains(UInt8(ascii: "\n")) }

  /// The texts for an object `depth` levels inside the row's own (0 is the row itself). Arrays on one line have
  /// no white space inside their brackets.
  func nested(_ depth: Int) -> LevelStyle {
    guard isIndented, depth > 0 else { return LevelStyle(open: open, comma: comma, close: close) }
    let unit = indentUnit
    let more = Array(repeatElement(unit, count: depth).joined())
    return LevelStyle(open: open + more, comma: comma + more, close: close + more)
  }

  /// What one level adds to the indentation.
  private var indentUnit: ArraySlice<UInt8> {
    open.count > close.count && open.starts(with: close) ? open[close.count...] : []
  }
}

extension Escaping {
  /// True when only what JSON requires is escaped.
  var isMinimal: Bool { !isASCII && !slash && !markup && !lineSeparators }

  /// Whether a string is known to be spelled as this escaping spells it. May say no when it is.
  @inline(__always)
  func spells(_ span: StringSpan) -> Bool {
    if slash || markup || upperCase { return false }
    if isASCII { return span.spelling.isASCII }
    return lineSeparators ? span.spelling.isASCII && span.spelling.isCanonical : span.spelling.isCanonical
  }
}
