/// How many records have each value of something, in bounded memory: what differs from the first 65,536 values is counted
/// together, and of a long value only the beginning is kept.
struct ValueCounts: Sendable {
  private(set) var counts: [String: Int] = [:]
  /// Records with a value beyond those that are told apart.
  private(set) var others = 0
  /// Records that have none.
  private(set) var missing = 0

  private static let mostValues = 65_536
  private static let longestValue = 200

  mutating func add(_ value: String?) {
    guard let value else {
      missing += 1
      return
    }
    let key = Self.shortened(value)
    if counts[key] == nil, counts.count >= Self.mostValues {
      others += 1
    } else {
      counts[key, default: 0] += 1
    }
  }

  /// Values with their counts, most first, then by their bytes.
  var list: [(value: String, count: Int)] {
    counts.map { (value: $0.key, count: $0.value) }.sorted {
      $0.count != $1.count ? $0.count > $1.count : $0.value.utf8.lexicographicallyPrecedes($1.value.utf8)
    }
  }

  private static func shortened(_ text: String) -> String {
    guard text.utf8.count > longestValue else { return text }
    return text.prefix(longestValue / 4) + "…"
  }
}
