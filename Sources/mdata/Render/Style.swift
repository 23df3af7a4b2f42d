/// What a piece of text means; the colours are the terminal's own.
enum Style: String {
  case added = "32"
  case removed = "31"
  case edited = "33"
  case identifier = "36"
  case heading = "1"
  case faint = "2"
  case error = "1;31"
  case hint = "1;36"

  func apply(_ text: String, when coloured: Bool) -> String {
    coloured && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
  }
}
