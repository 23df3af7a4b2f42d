/// How long texts are, in Unicode scalars, counted exactly: four bytes a text.
struct TextLengths: Sendable {
  private var lengths: [UInt32] = []
  private var sum = 0

  mutating func add(_ length: Int) {
    lengths.append(UInt32(clamping: length))
    sum += length
  }

  /// Nil when there is no text.
  func summary(_ field: String) -> LengthSummary? {
    guard !lengths.isEmpty else { return nil }
    let sorted = lengths.sorted()
    // The nearest rank: the least length that so many percent of the texts do not exceed.
    func percentile(_ percent: Int) -> Int { Int(sorted[(sorted.count * percent + 99) / 100 - 1]) }
    return LengthSummary(
      field: field, texts: sorted.count, least: Int(sorted[0]), median: percentile(50),
      mean: Double(sum) / Double(sorted.count), percentile95: percentile(95),
      greatest: Int(sorted[sorted.count - 1]))
  }
}

/// The lengths of one field of a version's pairs, in Unicode scalars.
public struct LengthSummary: Sendable {
  /// The field.
  public var field: String
  /// How many records have it.
  public var texts: Int
  /// The shortest.
  public var least: Int
  /// What half of the texts do not exceed.
  public var median: Int
  /// The mean.
  public var mean: Double
  /// What 95 of 100 texts do not exceed.
  public var percentile95: Int
  /// The longest.
  public var greatest: Int
}
