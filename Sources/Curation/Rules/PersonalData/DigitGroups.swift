/// Digits with single separators between groups of them, as numbers for people are written.
struct DigitGroups {
  /// The digits, 0 to 9.
  private(set) var digits: [UInt8] = []
  /// How many digits each group has.
  private(set) var groups: [Int] = []
  /// The separators between the groups.
  private(set) var separators: [UInt8] = []
  /// Its bytes.
  private(set) var span: Range<Int>

  /// The groups that begin at a digit, up to some digits.
  init(_ text: FieldText, at start: Int, separators allowed: String.UTF8View, most: Int) {
    var place = start
    var group = 0
    span = start..<start
    while digits.count <= most {
      if FieldText.isDigit(text[place]) {
        digits.append(text[place] - 0x30)
        group += 1
        place += 1
        span = start..<place
      } else if group > 0, allowed.contains(text[place]), FieldText.isDigit(text[place + 1]) {
        groups.append(group)
        separators.append(text[place])
        group = 0
        place += 1
      } else {
        break
      }
    }
    if group > 0 { groups.append(group) }
  }

  /// The number that some of the digits make; `range` is within them and at most nine long.
  func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1) } }
}

extension FieldText {
  /// Whether a number could begin at a digit: what stands before makes it no part of a word, a decimal or a path.
  func isNumberStart(_ place: Int) -> Bool {
    guard isWordStart(place) else { return false }
    let before = self[place - 1]
    // Dashes stand between the ends of a range.
    if before >= 0x80 {
      return !(0x2010...0x2015 ~= scalar(before: place) || scalar(before: place) == 0x2212)
    }
    if ".,".utf8.contains(before) { return !Self.isDigit(self[place - 2]) }
    return !"-/_=#&".utf8.contains(before)
  }

  /// Whether a number could end before a place.
  func isNumberEnd(_ place: Int) -> Bool {
    let next = self[place]
    if ASCIIRun.isMember(next) || "/_@".utf8.contains(next) { return false }
    return !(".,-".utf8.contains(next) && Self.isDigit(self[place + 1]))
  }
}
