/// Ids as transcripts show them: `#1` for the first one seen, `#2` for the next. So a transcript says which ids are
/// the same without saying what they are; the golden constants that guard the formats are elsewhere.
///
/// Eight to sixteen hex digits are an abbreviation, shown as `#1`; a longer id is shown with its length, as `#1/40`.
struct Identities: Sendable {
  private var order: [String] = []
  private var longest: [String: String] = [:]

  /// The text with every run of at least eight hex digits that stands alone replaced.
  mutating func hidden(in text: String) -> String {
    var result = ""
    var word = ""
    func isWord(_ scalar: Unicode.Scalar) -> Bool {
      scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
    }
    for scalar in text.unicodeScalars {
      if isWord(scalar) {
        word.unicodeScalars.append(scalar)
      } else {
        result += symbol(for: word)
        word = ""
        result.unicodeScalars.append(scalar)
      }
    }
    return result + symbol(for: word)
  }

  /// A command with `#1` and `#1/40` replaced by the ids they stand for.
  func revealed(in command: String) -> String {
    var result = ""
    var rest = command[...]
    while let mark = rest.firstIndex(of: "#") {
      result += rest[..<mark]
      rest = rest[mark...].dropFirst()
      let number = rest.prefix { $0.isNumber }
      guard let index = Int(number), order.indices.contains(index - 1) else {
        result += "#"
        continue
      }
      rest = rest.dropFirst(number.count)
      let key = order[index - 1]
      var length = 8
      if rest.first == "/", let wanted = Int(rest.dropFirst().prefix { $0.isNumber }) {
        length = wanted
        rest = rest.dropFirst().drop { $0.isNumber }
      }
      result += (longest[key] ?? key).prefix(length)
    }
    return result + rest
  }

  private mutating func symbol(for word: String) -> String {
    guard word.utf8.count >= 8,
      word.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    else {
      return word
    }
    let key = String(word.prefix(8))
    if !order.contains(key) { order.append(key) }
    if word.count > longest[key]?.count ?? 0 { longest[key] = word }
    let number = (order.firstIndex(of: key) ?? 0) + 1
    return word.utf8.count <= 16 ? "#\(number)" : "#\(number)/\(word.utf8.count)"
  }
}
