/// `iban-v1`: an international bank account number, in any field. Flagged with its place.
///
/// ISO 13616: a country of the SWIFT registry, its length, and a remainder of 1 by 97. Together, or in groups of four.
public struct BankAccountRule: Rule {
  public static let name = "iban-v1"
  public static let severity = RuleFinding.Severity.flag

  private static let lengths: [String: Int] = [
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29,
    "BY": 28,
    "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29, "ES": 24,
    "FI": 18,
    "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28, "HR": 21, "HU": 28,
    "IE": 22,
    "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21,
    "LT": 20,
    "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30,
    "NL": 18,
    "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SC": 31,
    "SE": 24,
    "SI": 19, "SK": 24, "SM": 27, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22,
    "VG": 24,
    "XK": 20,
  ]

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    subject.marks { text, place in account(text, at: place) }
  }

  private func account(_ text: FieldText, at place: Int) -> Range<Int>? {
    guard 0x41...0x5A ~= text[place], 0x41...0x5A ~= text[place + 1], FieldText.isDigit(text[place + 2]),
      FieldText.isDigit(text[place + 3]), text.isWordStart(place),
      let length = Self.lengths[String(decoding: text.bytes[place...(place + 1)], as: UTF8.self)]
    else { return nil }
    var characters: [UInt8] = []
    var end = place
    while characters.count < length {
      if 0x41...0x5A ~= text[end] || FieldText.isDigit(text[end]) {
        characters.append(text[end])
        end += 1
      } else if text[end] == 0x20, characters.count % 4 == 0, ASCIIRun.isMember(text[end + 1]) {
        end += 1
      } else {
        return nil
      }
    }
    guard text.isWordEnd(end) else { return nil }
    var remainder = 0
    for character in characters[4...] + characters[..<4] {
      let value = FieldText.isDigit(character) ? Int(character) - 0x30 : Int(character) - 0x37
      remainder = (remainder * (value < 10 ? 10 : 100) + value) % 97
    }
    return remainder == 1 ? place..<end : nil
  }
}
