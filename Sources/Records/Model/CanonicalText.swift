/// Strings and numbers as RFC 8785 (canonical JSON) spells them, written byte by byte without making a `String`.
enum CanonicalText {
  /// Appends `text` as a JSON string with its quotes. Only what RFC 8785 section 3.2.2.2 says is escaped: the
  /// quote, the backslash and the control characters under U+0020.
  /// - Parameter text: valid UTF-8.
  static func appendString(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\""))
    appendContents(text, to: &output)
    output.append(UInt8(ascii: "\""))
  }

  /// Appends `text` as it stands between the quotes of a JSON string.
  static func appendContents(_ text: UnsafeRawBufferPointer, to output: inout [UInt8]) {
    var position = 0
    while position < text.count {
      let plain = TextScan.endOfPlainText(in: text, from: position)
      if plain > position {
        output.append(contentsOf: UnsafeRawBufferPointer(rebasing: text[position..<plain]))
      }
      guard plain < text.count else { break }
      appendEscape(of: text[plain], to: &output)
      position = plain + 1
    }
  }

  /// Appends a Swift string as a JSON string with its quotes.
  static func appendString(_ text: String, to output: inout [UInt8]) {
    var text = text
    text.withUTF8 { appendString(UnsafeRawBufferPointer($0), to: &output) }
  }

  /// Appends a whole number in decimal.
  static func appendInteger(_ number: Int, to output: inout [UInt8]) {
    if number >= 0, number < 10 { return output.append(UInt8(ascii: "0") + UInt8(number)) }
    if number < 0 { output.append(UInt8(ascii: "-")) }
    let start = output.count
    var rest = number.magnitude
    repeat {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      output.append(UInt8(ascii: "0") + UInt8(digit))
      rest = quotient
    } while rest > 0
    output[start...].reverse()
  }

  /// Appends `[1,2,3]`.
  static func appendIntegers(_ numbers: some Sequence<Int>, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "["))
    var first = true
    for number in numbers {
      if !first { output.append(UInt8(ascii: ",")) }
      first = false
      appendInteger(number, to: &output)
    }
    output.append(UInt8(ascii: "]"))
  }

  /// Appends ASCII text that needs no escape.
  static func append(_ literal: StaticString, to output: inout [UInt8]) {
    output.append(
      contentsOf: UnsafeRawBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
  }

  /// Whether `left` comes before `right` in RFC 8785's member order, which is that of UTF-16 code units.
  ///
  /// On valid UTF-8 that is the order of the bytes, but for one thing: in UTF-16 the surrogates of a character
  /// above U+FFFF (lead byte F0 to F4) come before U+E000 to U+FFFF (lead bytes EE and EF).
  static func precedes(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool {
    let shared = min(left.count, right.count)
    var position = 0
    while position < shared, left[position] == right[position] { position += 1 }
    guard position < shared else { return left.count < right.count }
    return rank(left[position]) < rank(right[position])
  }

  private static func rank(_ byte: UInt8) -> UInt8 { byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte }

  private static func appendEscape(of byte: UInt8, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\\"))
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
    case 0x08: output.append(UInt8(ascii: "b"))
    case 0x09: output.append(UInt8(ascii: "t"))
    case 0x0A: output.append(UInt8(ascii: "n"))
    case 0x0C: output.append(UInt8(ascii: "f"))
    case 0x0D: output.append(UInt8(ascii: "r"))
    default:
      append("u00", to: &output)
      output.append(UInt8(ascii: "0") + (byte >> 4))
      let low = byte & 15
      output.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
    }
  }
}
