extension RecordID {
  /// Reads the full written form: 24 lower-case hex digits, a colon, and the row without leading zeros. Returns
  /// nil for anything else; short prefixes need a repository to be understood.
  public init?(_ text: String) {
    let digits = Array(text.utf8)
    let hexDigits = BatchPrefix.byteCount * 2
    guard digits.count > hexDigits + 1, digits.count <= hexDigits + 11, digits[hexDigits] == UInt8(ascii: ":")
    else { return nil }
    var words: (UInt64, UInt32) = (0, 0)
    for (position, digit) in digits[..<hexDigits].enumerated() {
      guard let value = Hex.value(of: digit), digit < UInt8(ascii: "A") || digit > UInt8(ascii: "F") else {
        return nil
      }
      if position < 16 {
        words.0 = words.0 << 4 | UInt64(value)
      } else {
        words.1 = words.1 << 4 | UInt32(value)
      }
    }
    guard digits[hexDigits + 1] != UInt8(ascii: "0") else { return nil }
    var row: UInt64 = 0
    for digit in digits[(hexDigits + 1)...] {
      guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
      row = row * 10 + UInt64(digit - UInt8(ascii: "0"))
    }
    guard let row = UInt32(exactly: row) else { return nil }
    self.init(batch: BatchPrefix(high: words.0, low: words.1), row: row)
  }
}
