/// HTML as it grows. What is not a literal of this program goes in as text or as a number, so that data cannot become
/// markup; the result is well-formed XML, too.
struct Markup {
  private(set) var bytes: [UInt8] = []

  init() {}

  /// Markup: a literal, which data can never be.
  mutating func raw(_ literal: StaticString) { literal.withUTF8Buffer { bytes.append(contentsOf: $0) } }

  /// Markup made the same way.
  mutating func add(_ other: Markup) { bytes += other.bytes }

  /// Data, in content or between the double quotes of an attribute. Control characters, those that reorder text and
  /// those that no document may have are shown by name, as on a terminal; line feeds and tabs stay.
  mutating func text(_ text: String) {
    for byte in text.escaped(multiline: true).utf8 {
      switch byte {
      case UInt8(ascii: "&"): raw("&amp;")
      case UInt8(ascii: "<"): raw("&lt;")
      case UInt8(ascii: ">"): raw("&gt;")
      case UInt8(ascii: "\""): raw("&quot;")
      case UInt8(ascii: "'"): raw("&#39;")
      default: bytes.append(byte)
      }
    }
  }

  /// Data in one line of at most `width` columns.
  mutating func line(_ text: String, width: Int) { self.text(text.oneLine(width: width)) }

  /// A count, with its thousands apart.
  mutating func count(_ number: Int) { text(number.grouped) }

  /// A coordinate.
  mutating func place(_ number: Double) { text(number.fixed(1)) }

  /// An element with data in it.
  mutating func element(_ start: StaticString, _ text: String, _ end: StaticString) {
    raw(start)
    self.text(text)
    raw(end)
  }
}
