import Records

/// Text of a dataset inside a page of Markdown, where it may mean nothing but itself.
enum MarkdownText {
  /// The text on one line, with a backslash before what CommonMark or GitHub's extensions could take for markup (any ASCII
  /// punctuation may be escaped so), and with what shows nothing or turns the direction of writing given by its number.
  static func inline(_ text: String, longest: Int = 80) -> String {
    var result = ""
    var count = 0
    var isSpace = true
    for scalar in text.unicodeScalars {
      if count == longest {
        result += "…"
        break
      }
      if scalar.properties.isWhitespace {
        if !isSpace { result += " " }
        isSpace = true
        continue
      }
      isSpace = false
      count += 1
      append(scalar, to: &result)
    }
    while result.hasSuffix(" ") { result.removeLast() }
    // `www.` begins a link even without a scheme.
    return result.replacing("www.", with: "www\\.").replacing("WWW.", with: "WWW\\.")
  }

  private static func append(_ scalar: Unicode.Scalar, to result: inout String) {
    switch scalar {
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "&": result += "&amp;"
    case "\\", "`", "*", "_", "{", "}", "[", "]", "#", "|", "~", "!", "$", ":", "@", "^", "=", "+":
      result += "\\"
      result.unicodeScalars.append(scalar)
    default:
      switch scalar.properties.generalCategory {
      case .control, .format, .privateUse, .surrogate, .unassigned:
        result += "U+" + String(scalar.value, radix: 16, uppercase: true)
      default: result.unicodeScalars.append(scalar)
      }
    }
  }

  /// The text with what shows nothing or turns the direction of writing given by its number; line ends stay.
  static func visible(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control where scalar != "\n", .format, .privateUse, .surrogate, .unassigned, .lineSeparator,
        .paragraphSeparator:
        result += "U+" + String(scalar.value, radix: 16, uppercase: true)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A block of code whose fence nothing in it can close.
  static func block(_ text: String, language: String) -> String {
    var longest = 0
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return "\(fence)\(language)\n\(text)\n\(fence)"
  }

  /// A table; the cells are Markdown already.
  static func table(_ head: [String], _ rows: [[String]]) -> String {
    let rule = head.map { _ in "---" }
    return ([head, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}
