import Records

/// How a difference shifts what is in the dataset: of all changed records, as they were (removed ones and edited ones
/// before the edit) beside as they are (added ones and edited ones after it). Records that did not change are in
/// neither, so it costs what the changes cost.
public struct DiffSummary: Sendable {
  /// Numbers before and after.
  public struct Numbers: Sendable {
    /// What the numbers are.
    public enum Unit: String, Sendable { case characters, words, score }

    /// The field, or the score.
    public let name: String
    /// What is counted.
    public let unit: Unit
    /// Of the records as they were.
    public fileprivate(set) var before = Distribution()
    /// Of the records as they are.
    public fileprivate(set) var after = Distribution()

    /// The bins of a histogram of both.
    public var bins: [Bin] { Bin.covering(before, after) }
  }

  /// Values before and after.
  public struct Values: Sendable {
    /// How many records had a value, and have it.
    public struct Counts: Sendable {
      /// As they were.
      public var before = 0
      /// As they are.
      public var after = 0
    }

    /// What the values are of.
    public let name: String
    fileprivate var tally = ValueTally(none: Counts())

    /// The most frequent values; what all others have is counted together, nil when there are none.
    public func most(_ limit: Int) -> (values: [ValueTally<Counts>.Entry], others: Counts?) {
      let sorted = tally.sorted { $0.before + $0.after }
      var others = tally.others
      for entry in sorted.dropFirst(limit) {
        let known = others ?? Counts()
        others = Counts(
          before: known.before + entry.counts.before, after: known.after + entry.counts.after)
      }
      return (Array(sorted.prefix(limit)), others)
    }
  }

  private var lengths = [
    Numbers(name: "instruction", unit: .characters), Numbers(name: "instruction", unit: .words),
    Numbers(name: "output", unit: .characters), Numbers(name: "output", unit: .words),
  ]
  private var scores: [(name: [UInt8], numbers: Numbers)] = []
  private var topics = Values(name: "topic")
  private var teachers = Values(name: "teacher")

  init() {}

  /// Lengths, then scores in the order of their names; only those of which there are numbers.
  public var numbers: [Numbers] {
    (lengths + scores.sorted { $0.name.lexicographicallyPrecedes($1.name) }.map(\.numbers))
      .filter { $0.before.count + $0.after.count > 0 }
  }

  /// Topic and teacher, where any is known.
  public var values: [Values] { [topics, teachers].filter(\.tally.isKnown) }

  mutating func add(_ sample: ChangeSample) {
    if let old = sample.old { add(old, \.before, \.before) }
    if let new = sample.new { add(new, \.after, \.after) }
  }

  private mutating func add(
    _ side: ChangeSample.Side, _ numbers: WritableKeyPath<Numbers, Distribution>,
    _ count: WritableKeyPath<Values.Counts, Int>
  ) {
    let found = [
      side.instruction.characters, side.instruction.words, side.output.characters, side.output.words,
    ]
    for (index, length) in found.enumerated() { lengths[index][keyPath: numbers].add(Double(length)) }
    topics.tally.add(side.topic) { $0[keyPath: count] += 1 }
    teachers.tally.add(side.teacher) { $0[keyPath: count] += 1 }
    for score in side.scores {
      let name = Array(score.name.utf8)
      if let index = scores.firstIndex(where: { $0.name == name }) {
        scores[index].numbers[keyPath: numbers].add(score.value)
      } else {
        var new = Numbers(name: score.name, unit: .score)
        new[keyPath: numbers].add(score.value)
        scores.append((name, new))
      }
    }
  }
}
