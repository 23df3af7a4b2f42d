/// A number in the source and what was learnt while checking its grammar.
struct NumberSpan {
  let start: Int
  let end: Int
  /// No fraction and no exponent.
  let isInteger: Bool
  /// True when the text is a plain integer of at most 15 digits, so that it is also its RFC 8785 form.
  let isPlain: Bool
}

extension ByteScanner {
  /// Checks the number (RFC 8259 section 6) under the cursor and moves behind it. Only grammar: its size is
  /// checked by ``value(of:)``.
  mutating func number() throws(ScanFailure) -> NumberSpan {
    let start = at
    let isNegative = skip(UInt8(ascii: "-"))
    let digitsStart = at
    if skip(UInt8(ascii: "0")) {
      if let byte, isDigit(byte) { throw ScanFailure(.invalidNumber, at: at) }
    } else {
      try digits()
    }
    let digitCount = at - digitsStart
    var isInteger = true
    if skip(UInt8(ascii: ".")) {
      isInteger = false
      try digits()
    }
    if let byte, byte | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      at += 1
      if let sign = self.byte, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { at += 1 }
      try digits()
    }
    let isMinusZero = isNegative && digitCount == 1 && base[digitsStart] == UInt8(ascii: "0")
    return NumberSpan(
      start: start, end: at, isInteger: isInteger, isPlain: isInteger && digitCount <= 15 && !isMinusZero)
  }

  /// The value of a number. Refuses what overflows, and integers whose digits would not come back.
  func value(of number: NumberSpan) throws(ScanFailure) -> Double {
    if number.isPlain { return plainValue(of: number) }
    let digits = UnsafeBufferPointer(start: base + number.start, count: number.end - number.start)
    let text = String(decoding: digits, as: UTF8.self)
    guard let value = Double(text), value.isFinite else {
      throw ScanFailure(.numberOverflow, at: number.start)
    }
    guard number.isInteger, value != 0, !limits.roundsIntegers else { return value == 0 ? 0 : value }
    guard CanonicalNumber.text(value).elementsEqual(digits) else {
      throw ScanFailure(.inexactInteger, at: number.start)
    }
    return value
  }

  private func plainValue(of number: NumberSpan) -> Double {
    let isNegative = base[number.start] == UInt8(ascii: "-")
    var magnitude: Int64 = 0
    for offset in (isNegative ? number.start + 1 : number.start)..<number.end {
      magnitude = magnitude &* 10 &+ Int64(base[offset] & 15)
    }
    return Double(isNegative ? -magnitude : magnitude)
  }

  private mutating func digits() throws(ScanFailure) {
    guard at < end else { throw ScanFailure(.unexpectedEnd(inside: "a number"), at: end) }
    guard isDigit(base[at]) else { throw ScanFailure(.invalidNumber, at: at) }
    repeat { at += 1 } while at < end && isDigit(base[at])
  }

  @inline(__always)
  private func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
