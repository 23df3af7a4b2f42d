extension String {
  /// The text as a terminal may safely show it: control characters in caret notation (`^[`), so that data can
  /// neither move the cursor nor colour or rewrite what was printed before. Line feeds and tabs stay when
  /// `multiline`. Bidirectional controls, which can make text read in another order, and
  /// characters that show nothing at all are given by number.
  func escaped(multiline: Bool = false) -> String {
    guard unicodeScalars.contains(where: { Self.needsEscape($0, multiline) }) else { return self }
    var result = ""
    for scalar in unicodeScalars {
      guard Self.needsEscape(scalar, multiline) else {
        result.unicodeScalars.append(scalar)
        continue
      }
      switch scalar.value {
      case 0x00..<0x20: result += "^" + String(UnicodeScalar(UInt8(scalar.value + 0x40)))
      case 0x7F: result += "^?"
      case 0x80..<0xA0: result += "^[" + String(UnicodeScalar(UInt8(scalar.value - 0x40)))
      default: result += "<U+" + String(scalar.value, radix: 16, uppercase: true) + ">"
      }
    }
    return result
  }

  private static func needsEscape(_ scalar: Unicode.Scalar, _ multiline: Bool) -> Bool {
    switch scalar.value {
    case 0x09, 0x0A: !multiline
    case 0x00..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    // Line and paragraph separators, the byte order mark and the invisible tag characters.
    case 0x2028, 0x2029, 0xFEFF, 0xE0000...0xE007F: true
    // What is no character, and has no place in any document (Unicode 23.7).
    case 0xFDD0...0xFDEF: true
    case let value where value & 0xFFFE == 0xFFFE: true
    default: false
    }
  }

  /// One line of at most `width` columns: escaped, line ends shown as a space, cut with an ellipsis.
  func oneLine(width: Int) -> String { plainLine(width: width) ?? anyLine(width: width) }

  /// A line of any text.
  func anyLine(width: Int) -> String {
    var joined = ""
    var space = true
    for character in self.prefix(width * 4) {
      let isSpace = character.isWhitespace
      if isSpace && space { continue }
      joined.append(isSpace ? " " : character)
      space = isSpace
    }
    let text = joined.trimmingSuffixSpaces().escaped()
    guard text.displayWidth > width else { return text }
    var cut = ""
    var used = 0
    for character in text {
      let columns = character.displayWidth
      if used + columns > width - 1 { break }
      cut.append(character)
      used += columns
    }
    return cut.trimmingSuffixSpaces() + "…"
  }

  /// The same for text that is ASCII as far as a line shows it, with no controls but line feeds and tabs: nearly all is,
  /// and asking Unicode about each character costs twenty times as much. Nil for other text.
  func plainLine(width: Int) -> String? {
    utf8.withContiguousStorageIfAvailable { bytes -> String? in
      var line: [UInt8] = []
      line.reserveCapacity(width + 2)
      for (position, byte) in bytes.enumerated() {
        let isSpace = byte == 0x20 || byte == 0x09 || byte == 0x0A
        guard isSpace || (0x21..<0x7F).contains(byte) else { return nil }
        // What follows can still be a mark on the last character.
        if position >= width * 4 { break }
        if isSpace, line.last ?? 0x20 == 0x20 { continue }
        line.append(isSpace ? 0x20 : byte)
        if line.count > width, !isSpace { break }
      }
      if line.last == 0x20 { line.removeLast() }
      guard line.count > width else { return String(decoding: line, as: UTF8.self) }
      line.removeLast(line.count - max(0, width - 1))
      while line.last == 0x20 { line.removeLast() }
      return String(decoding: line, as: UTF8.self) + "…"
    } ?? nil
  }

  func trimmingSuffixSpaces() -> String { trimmingSuffix { $0 == " " } }

  func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> String {
    guard let end = lastIndex(where: { !isTrimmed($0) }) else { return "" }
    return String(self[...end])
  }

  /// The text followed by spaces up to `width` columns.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - displayWidth))
  }

  /// The text after spaces up to `width` columns: for numbers.
  func aligned(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(0, width - displayWidth)) + self
  }

  /// Columns the text takes on a terminal.
  var displayWidth: Int {
    if utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return utf8.count }
    return reduce(0) { $0 + $1.displayWidth }
  }
}

extension Character {
  /// Columns a character takes: two for East Asian wide forms and emoji (Unicode TR 11), none for combining marks.
  var displayWidth: Int {
    guard let first = unicodeScalars.first else { return 0 }
    if first.isASCII && unicodeScalars.count == 1 { return 1 }
    // U+FE0F asks for the colourful form of a character that also has a plain one.
    if first.properties.isEmojiPresentation || unicodeScalars.contains("\u{FE0F}") { return 2 }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    case .format: return first.value == 0xAD ? 1 : 0
    default: break
    }
    switch first.value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6,
      0x16FE0...0x1B2FF, 0x1F200...0x1F2FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
