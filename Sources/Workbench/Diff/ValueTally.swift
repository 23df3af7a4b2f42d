/// Counts by value, for as many values as memory is given for: those that come later are counted together.
public struct ValueTally<Counts: Sendable>: Sendable {
  /// One value and what was counted.
  public struct Entry: Sendable {
    /// The value; nil where nothing is known.
    public var value: String?
    /// How often.
    public var counts: Counts
  }

  // Strings as bytes: two spellings of one letter are two values.
  private var counted: [[UInt8]?: Counts] = [:]
  private let none: Counts
  /// What values that found no place were counted under; nil when there was room for all.
  public private(set) var others: Counts?

  /// Values that are counted each for itself.
  private static var mostValues: Int { 65_536 }
  /// Characters of a value that are kept.
  private static var longestValue: Int { 200 }

  /// - Parameter none: the counts of what has not been seen yet.
  init(none: Counts) { self.none = none }

  mutating func add(_ value: String?, _ count: (inout Counts) -> Void) {
    let key = value.map(Self.key)
    let none = none
    if counted.count >= Self.mostValues, counted[key] == nil {
      var counts = others ?? none
      count(&counts)
      others = counts
    } else {
      count(&counted[key, default: none])
    }
  }

  private static func key(_ value: String) -> [UInt8] {
    // Most values are short in bytes already.
    guard value.utf8.count > longestValue, value.unicodeScalars.count > longestValue else {
      return Array(value.utf8)
    }
    var cut = String.UnicodeScalarView()
    cut.append(contentsOf: value.unicodeScalars.prefix(longestValue))
    return Array(String(cut).utf8) + Array("…".utf8)
  }

  /// Whether any value is known.
  public var isKnown: Bool { others != nil || counted.keys.contains { $0 != nil } }

  /// The values, the greatest first; equal ones in the order of their bytes, what is not known last.
  func sorted(by size: (Counts) -> Int) -> [Entry] {
    counted.sorted { left, right in
      let (one, two) = (size(left.value), size(right.value))
      if one != two { return one > two }
      guard let first = left.key else { return false }
      return right.key.map { first.lexicographicallyPrecedes($0) } ?? true
    }.map { Entry(value: $0.key.map { String(decoding: $0, as: UTF8.self) }, counts: $0.value) }
  }
}
