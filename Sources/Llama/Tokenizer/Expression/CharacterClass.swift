/// A set of characters in a regular expression, such as `[^\s\p{L}\p{N}]`.
struct CharacterClass: Sendable, Equatable {
  /// General categories that belong to it, one bit each: see ``GeneralCategory``.
  private(set) var categories: UInt32 = 0
  /// Whether white space belongs to it.
  private(set) var hasSpaces = false
  /// Single characters and ranges of them.
  private(set) var ranges: [ClosedRange<UInt32>] = []
  /// Whether all but these belong to it.
  private(set) var isNegated = false
  private var ascii: (low: UInt64, high: UInt64) = (0, 0)

  static func == (one: CharacterClass, other: CharacterClass) -> Bool {
    one.categories == other.categories && one.hasSpaces == other.hasSpaces && one.ranges == other.ranges
      && one.isNegated == other.isNegated
  }

  init(
    categories: UInt32 = 0, spaces: Bool = false, ranges: [ClosedRange<UInt32>] = [], negated: Bool = false
  ) {
    self.categories = categories
    hasSpaces = spaces
    self.ranges = ranges.sorted { $0.lowerBound < $1.lowerBound }
    isNegated = negated
    for value in UInt32(0)..<128 {
      guard let scalar = Unicode.Scalar(value), evaluate(scalar) else { continue }
      if value < 64 { ascii.low |= 1 << UInt64(value) } else { ascii.high |= 1 << UInt64(value - 64) }
    }
  }

  /// Whether an ASCII character belongs to it.
  @inline(__always)
  func contains(ascii byte: UInt8) -> Bool {
    (byte < 64 ? ascii.low >> UInt64(byte) : ascii.high >> UInt64(byte & 63)) & 1 != 0
  }

  /// Whether the character that begins at `position` of valid UTF-8 belongs to it, and where the next one begins.
  @inline(__always)
  func read(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> (isMember: Bool, next: Int) {
    let byte = text[position]
    if byte < 0x80 { return (contains(ascii: byte), position + 1) }
    let (scalar, next) = ScalarClass.decode(text, at: position)
    return (evaluate(scalar), next)
  }

  private func evaluate(_ scalar: Unicode.Scalar) -> Bool {
    isNegated != (isInRanges(scalar.value) || (categories != 0 || hasSpaces) && hasProperty(scalar))
  }

  private func hasProperty(_ scalar: Unicode.Scalar) -> Bool {
    let isKnown = ScalarClass.isKnown(scalar)
    let bit = isKnown ? GeneralCategory.bit(scalar.properties.generalCategory) : GeneralCategory.unassigned
    return categories & bit != 0 || hasSpaces && isKnown && scalar.properties.isWhitespace
  }

  private func isInRanges(_ value: UInt32) -> Bool {
    for range in ranges {
      if value < range.lowerBound { return false }
      if value <= range.upperBound { return true }
    }
    return false
  }
}

/// The general categories of Unicode as the bits of a set.
enum GeneralCategory {
  static let unassigned: UInt32 = 1 << 29

  static func bit(_ category: Unicode.GeneralCategory) -> UInt32 {
    switch category {
    case .uppercaseLetter: 1 << 0
    case .lowercaseLetter: 1 << 1
    case .titlecaseLetter: 1 << 2
    case .modifierLetter: 1 << 3
    case .otherLetter: 1 << 4
    case .nonspacingMark: 1 << 5
    case .spacingMark: 1 << 6
    case .enclosingMark: 1 << 7
    case .decimalNumber: 1 << 8
    case .letterNumber: 1 << 9
    case .otherNumber: 1 << 10
    case .connectorPunctuation: 1 << 11
    case .dashPunctuation: 1 << 12
    case .openPunctuation: 1 << 13
    case .closePunctuation: 1 << 14
    case .initialPunctuation: 1 << 15
    case .finalPunctuation: 1 << 16
    case .otherPunctuation: 1 << 17
    case .mathSymbol: 1 << 18
    case .currencySymbol: 1 << 19
    case .modifierSymbol: 1 << 20
    case .otherSymbol: 1 << 21
    case .spaceSeparator: 1 << 22
    case .lineSeparator: 1 << 23
    case .paragraphSeparator: 1 << 24
    case .control: 1 << 25
    case .format: 1 << 26
    case .surrogate: 1 << 27
    case .privateUse: 1 << 28
    case .unassigned: unassigned
    @unknown default: unassigned
    }
  }

  /// The categories that `\p{…}` names, or nil when it is no general category.
  static func named(_ name: Substring) -> UInt32? {
    switch name {
    case "L": 0x1F
    case "M": 0xE0
    case "N": 0x700
    case "P": 0x3F800
    case "S": 0x3C_0000
    case "Z": 0x1C0_0000
    case "Lu": 1 << 0
    case "Ll": 1 << 1
    case "Lt": 1 << 2
    case "Lm": 1 << 3
    case "Lo": 1 << 4
    case "Mn": 1 << 5
    case "Mc": 1 << 6
    case "Me": 1 << 7
    case "Nd": 1 << 8
    case "Nl": 1 << 9
    case "No": 1 << 10
    default: nil
    }
  }
}
