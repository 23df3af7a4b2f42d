/// A part of a whole as people write it, `0.05` or `5%`, kept exactly: in billionths.
public struct Share: Hashable, Comparable, Sendable {
  /// From 0 to 1,000,000,000.
  public let billionths: Int

  /// Everything.
  public static let whole = Share(billionths: 1_000_000_000)

  private init(billionths: Int) { self.billionths = billionths }

  /// Reads a decimal fraction from 0 to 1 with up to nine decimals, or percent from 0 to 100 with up to seven; nil for
  /// anything else.
  public init?(_ text: String) {
    let isPercent = text.utf8.last == UInt8(ascii: "%")
    let number = isPercent ? text.utf8.dropLast() : text.utf8[...]
    let parts = number.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let decimals = isPercent ? 7 : 9
    guard (1...2).contains(parts.count), parts[0].count <= 3, parts.last?.isEmpty == false,
      parts.count == 1 || parts[1].count <= decimals
    else { return nil }
    var value = 0
    for digit in parts.joined() {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    for _ in (parts.count == 2 ? parts[1].count : 0)..<decimals { value *= 10 }
    guard value <= Self.whole.billionths else { return nil }
    billionths = value
  }

  /// This share of so many, rounded down.
  public func of(_ total: Int) -> Int {
    // The product of a billion and a count beyond four billion may not fit into 64 bits.
    let product = billionths.multipliedFullWidth(by: total)
    return Self.whole.billionths.dividingFullWidth(product).quotient
  }

  /// Both together; nil when that is more than everything.
  public func adding(_ other: Share) -> Share? {
    let sum = billionths + other.billionths
    return sum <= Self.whole.billionths ? Share(billionths: sum) : nil
  }

  /// The number that as large a part of all 64-bit numbers is less than; nil for everything.
  public var bound: UInt64? {
    guard self < .whole else { return nil }
    return UInt64(Self.whole.billionths).dividingFullWidth((UInt64(billionths), 0)).quotient
  }

  /// As percent, without needless noughts: `90 %`.
  public var percent: String {
    let (whole, rest) = billionths.quotientAndRemainder(dividingBy: 10_000_000)
    guard rest > 0 else { return "\(whole) %" }
    let digits = String(10_000_000 + rest).dropFirst()
    return "\(whole).\(digits.trimmingNoughts) %"
  }

  public static func < (left: Share, right: Share) -> Bool { left.billionths < right.billionths }
}

extension Substring {
  fileprivate var trimmingNoughts: Substring {
    guard let end = lastIndex(where: { $0 != "0" }) else { return "" }
    return self[...end]
  }
}

/// How many records: a number, or a share of all.
public enum Amount: Hashable, Sendable {
  case records(Int)
  case share(Share)

  /// Reads `100` or `5%`; nil for anything else.
  public init?(_ text: String) {
    if text.utf8.last == UInt8(ascii: "%") {
      guard let share = Share(text) else { return nil }
      self = .share(share)
    } else {
      guard !text.utf8.isEmpty, text.utf8.count <= 10,
        text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
        let number = Int(text)
      else { return nil }
      self = .records(number)
    }
  }

  /// How many of so many: a share is rounded down.
  public func of(_ total: Int) -> Int {
    switch self {
    case .records(let number): number
    case .share(let share): share.of(total)
    }
  }

  /// As it is written.
  public var text: String {
    switch self {
    case .records(let number): "\(number)"
    case .share(let share): share.percent.filter { $0 != " " }
    }
  }
}
