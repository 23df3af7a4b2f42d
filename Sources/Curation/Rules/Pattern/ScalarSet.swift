/// Characters that a place of an expression stands for.
struct ScalarSet: Sendable {
  enum Class: Sendable, CaseIterable {
    case digit, word, space

    func contains(_ value: UInt32) -> Bool {
      if value < 0x80 {
        let byte = UInt8(truncatingIfNeeded: value)
        switch self {
        case .digit: return FieldText.isDigit(byte)
        case .word: return byte == 0x5F || ASCIIRun.isMember(byte)
        case .space: return FieldText.isSpace(byte)
        }
      }
      guard let properties = Unicode.Scalar(value)?.properties else { return false }
      switch self {
      case .space: return properties.isWhitespace
      case .digit: return properties.generalCategory == .decimalNumber
      case .word:
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        case .nonspacingMark, .spacingMark, .enclosingMark: return true
        case .decimalNumber, .letterNumber, .otherNumber, .connectorPunctuation: return true
        default: return false
        }
      }
    }
  }

  /// Characters as they are written down.
  struct Members {
    var ranges: [ClosedRange<UInt32>] = []
    var classes: Set<Class> = []
    /// Classes all others than whose members belong.
    var opposites: Set<Class> = []
  }

  /// Ascending, apart.
  private let ranges: [ClosedRange<UInt32>]
  private let classes: [(kind: Class, isNegated: Bool)]
  private let isNegated: Bool
  private let ignoresCase: Bool
  /// The answers for ASCII, a bit each.
  private var ascii: (low: UInt64, high: UInt64) = (0, 0)

  /// - Parameters:
  ///   - isNegated: all others are meant.
  ///   - ignoresCase: whether a character counts as its upper and its lower case.
  init(_ members: Members, isNegated: Bool = false, ignoresCase: Bool = false) {
    var ranges: [ClosedRange<UInt32>] = []
    for range in members.ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = ranges.last, range.lowerBound <= last.upperBound {
        ranges[ranges.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
      } else {
        ranges.append(range)
      }
    }
    self.ranges = ranges
    classes =
      Class.allCases.filter(members.classes.contains).map { ($0, false) }
      + Class.allCases.filter(members.opposites.contains).map { ($0, true) }
    self.isNegated = isNegated
    self.ignoresCase = ignoresCase
    for value in UInt32(0)..<128 where evaluate(value) {
      if value < 64 { ascii.low |= 1 << UInt64(value) } else { ascii.high |= 1 << UInt64(value - 64) }
    }
  }

  @inline(__always)
  func contains(_ value: UInt32) -> Bool {
    guard value < 128 else { return evaluate(value) }
    return (value < 64 ? ascii.low >> UInt64(value) : ascii.high >> UInt64(value & 63)) & 1 != 0
  }

  private func evaluate(_ value: UInt32) -> Bool {
    if holds(value) { return !isNegated }
    guard ignoresCase, let properties = Unicode.Scalar(value)?.properties else { return isNegated }
    let found = [properties.lowercaseMapping, properties.uppercaseMapping].contains { mapping in
      let scalars = mapping.unicodeScalars
      return scalars.count == 1 && scalars.contains { holds($0.value) }
    }
    return found != isNegated
  }

  private func holds(_ value: UInt32) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound < value { low = middle + 1 } else { high = middle }
    }
    if low < ranges.count, ranges[low].contains(value) { return true }
    return classes.contains { $0.kind.contains(value) != $0.isNegated }
  }
}
