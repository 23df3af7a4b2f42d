/// Numbers as ECMAScript writes them (RFC 8785 section 3.2.2.3; ECMA-262 Number::toString).
enum CanonicalNumber {
  /// The shortest decimal text that reads back as this number. Not-a-number and the infinities, which JSON
  /// cannot say and the reader never makes, become `null` as in ECMAScript's JSON.stringify.
  static func text(_ value: Double) -> [UInt8] {
    guard value.isFinite else { return Array("null".utf8) }
    if value == 0 { return [UInt8(ascii: "0")] }
    if value.magnitude < 9_007_199_254_740_992, value == value.rounded(.towardZero) {
      return Array(String(Int64(value)).utf8)
    }
    let (digits, point) = decimal(value.magnitude)
    return (value < 0 ? [UInt8(ascii: "-")] : []) + layOut(digits, point: point)
  }

  /// The shortest digits and the position of the decimal point counted from their start. Swift's description
  /// finds the same digits as ECMAScript (shortest, then closest); only their arrangement differs.
  private static func decimal(_ value: Double) -> (digits: [UInt8], point: Int) {
    var digits: [UInt8] = []
    var point: Int?
    var exponent = 0
    let text = Array(value.description.utf8)
    for (offset, byte) in text.enumerated() {
      if byte == UInt8(ascii: ".") {
        point = digits.count
      } else if byte == UInt8(ascii: "e") {
        exponent = Int(String(decoding: text[(offset + 1)...], as: UTF8.self)) ?? 0
        break
      } else {
        digits.append(byte)
      }
    }
    var position = (point ?? digits.count) + exponent
    let leadingZeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(leadingZeros)
    position -= leadingZeros
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    return (digits, position)
  }

  private static func layOut(_ digits: [UInt8], point: Int) -> [UInt8] {
    let zero = UInt8(ascii: "0")
    let dot = UInt8(ascii: ".")
    switch point {
    case digits.count...21 where digits.count <= 21:
      return digits + Array(repeating: zero, count: point - digits.count)
    case 1...21:
      return digits[..<point] + [dot] + digits[point...]
    case -5...0:
      return [zero, dot] + Array(repeating: zero, count: -point) + digits
    default:
      let exponent = point - 1
      let fraction = digits.count > 1 ? [dot] + digits[1...] : []
      let sign = exponent < 0 ? "e-" : "e+"
      return [digits[0]] + fraction + Array("\(sign)\(exponent.magnitude)".utf8)
    }
  }
}
