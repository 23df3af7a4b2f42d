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

  case firstCurve = "94"
  case secondCurve = "93"
  case thirdCurve = "92"
  case fourthCurve = "95"
  case fifthCurve = "91"
  case sixthCurve = "96"
  case seventhCurve = "97"
  case eighthCurve = "90"

  /// Curves of one drawing, in their order.
  static let curves: [Style] = [
    .firstCurve, .secondCurve, .thirdCurve, .fourthCurve, .fifthCurve, .sixthCurve, .seventhCurve,
    .eighthCurve,
  ]

  func apply(_ text: String, when coloured: Bool) -> String {
    coloured && !text.isEmpty ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
  }
}
