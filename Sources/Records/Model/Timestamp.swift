/// A moment in UTC, written as RFC 3339 says: `2026-05-04T10:00:00Z`, with an optional fraction of a second.
public struct Timestamp: Hashable, Sendable, CustomStringConvertible {
  /// The written form.
  public let text: String

  /// Reads the written form. Returns nil for other shapes and for numbers outside of the calendar.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    let shape = Array("dddd-dd-ddTdd:dd:dd".utf8)
    guard bytes.count > shape.count, bytes.last == UInt8(ascii: "Z") else { return nil }
    func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    for (byte, expected) in zip(bytes, shape) {
      guard expected == UInt8(ascii: "d") ? isDigit(byte) : byte == expected else { return nil }
    }
    let fraction = bytes[shape.count..<(bytes.count - 1)]
    if let dot = fraction.first {
      guard dot == UInt8(ascii: "."), fraction.count > 1, fraction.count <= 10 else { return nil }
      guard fraction.dropFirst().allSatisfy(isDigit) else { return nil }
    }
    func number(_ start: Int) -> Int {
      Int(bytes[start] - UInt8(ascii: "0")) * 10 + Int(bytes[start + 1] - UInt8(ascii: "0"))
    }
    guard (1...12).contains(number(5)), (1...31).contains(number(8)), number(11) < 24, number(14) < 60,
      number(17) <= 60
    else { return nil }
    self.text = text
  }

  /// The moment this many seconds after 1970-01-01T00:00:00Z; years before 0 and after 9999 are cut off there.
  public init(secondsSince1970 seconds: Int) {
    let bounded = min(max(seconds, -62_167_219_200), 253_402_300_799)
    let days = (bounded - Self.remainder(bounded, 86_400)) / 86_400
    let second = Self.remainder(bounded, 86_400)
    let (year, month, day) = Self.date(daysSince1970: days)
    func padded(_ number: Int, _ width: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    let date = "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    let clock = "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))"
    text = "\(date)T\(clock)Z"
  }

  /// The written form.
  public var description: String { text }

  /// The date of a day in the proleptic Gregorian calendar, counted in eras of 400 years that begin in March, so
  /// that the leap day is the last of its year.
  private static func date(daysSince1970 days: Int) -> (year: Int, month: Int, day: Int) {
    let sinceEra = days + 719_468
    let dayOfEra = remainder(sinceEra, 146_097)
    let era = (sinceEra - dayOfEra) / 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func remainder(_ number: Int, _ divisor: Int) -> Int {
    let remainder = number % divisor
    return remainder < 0 ? remainder + divisor : remainder
  }
}
