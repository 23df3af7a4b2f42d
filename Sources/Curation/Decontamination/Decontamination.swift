/// Finds training items that have a run of words of an evaluation item, or a whole evaluation item that is shorter.
///
/// Brown et al., "Language Models are Few-Shot Learners" (2020, appendix C) look for 13 words, others for 8. What many
/// evaluation items have in common, as instructions and forms of answers are, is told apart from leaks. Every run is found
/// by its hash and then compared word by word.
public struct Decontamination: Sendable {
  /// In how many evaluation items a run may be before it is boilerplate.
  public enum BoilerplateLimit: Hashable, Sendable {
    /// In more than so many.
    case items(Int)
    /// In more than this share of all, and in more than one.
    case share(Double)
  }

  /// Words that a run must have.
  public let runLength: Int
  private let evaluations: TokenLists
  private let limit: Int
  private let long: RunIndex
  private let short: [RunIndex]

  /// Makes ready for a search.
  ///
  /// - Parameters:
  ///   - evaluations: the words of each evaluation item, as numbers.
  ///   - runLength: how many words in a row must be shared, unless an evaluation item has fewer.
  ///   - shortest: evaluation items with fewer words are not looked for.
  /// - Throws: ``DecontaminationError``.
  public init(
    evaluations: TokenLists, runLength: Int = 13, boilerplate: BoilerplateLimit = .share(0.01),
    shortest: Int = 1
  ) throws(DecontaminationError) {
    guard NGramSimilarity.gramLengths.contains(runLength) else { throw .runLength(runLength) }
    switch boilerplate {
    case .items(let items):
      guard items > 0 else { throw .boilerplate(.items(items)) }
      limit = items
    case .share(let share):
      guard share > 0, share <= 1 else { throw .boilerplate(.share(share)) }
      limit = max(1, Int(share * Double(evaluations.count)))
    }
    self.evaluations = evaluations
    self.runLength = runLength
    var items: [Int: [Int]] = [:]
    for item in 0..<evaluations.count {
      let words = evaluations[item].count
      if words >= max(1, shortest) { items[min(words, runLength), default: []].append(item) }
    }
    long = RunIndex(evaluations, items: items[runLength] ?? [], length: runLength)
    short = items.filter { $0.key < runLength }.sorted { $0.key < $1.key }.map {
      RunIndex(evaluations, items: $0.value, length: $0.key)
    }
  }

  /// What training items share with the evaluation items. Words have the same numbers in both.
  public func report(on training: TokenLists) -> ContaminationReport {
    var report = ContaminationReport()
    var groups: [[UInt32]: Int] = [:]
    for item in 0..<training.count {
      var found: [Contamination] = []
      for index in short + [long] where training[item].count >= index.length {
        let runs = runs(of: item, in: training, index)
        if runs.isEmpty { continue }
        found += contaminations(of: item, in: training, runs, index)
        group(runs.filter(\.isBoilerplate), of: item, in: training, index, &groups, &report)
      }
      report.contaminations += found.sorted { $0.evaluation < $1.evaluation }
    }
    return report
  }

  /// A run of a training item that evaluation items have too.
  private struct Run {
    let start: Int
    let number: UInt32
    let isBoilerplate: Bool
  }

  private func runs(of item: Int, in training: TokenLists, _ index: RunIndex) -> [Run] {
    let words = training[item]
    return index.find(training.hashes(of: item, length: index.length)).compactMap { place, number in
      guard let one = index.occurrences(of: number).first else { return nil }
      let own = words.dropFirst(place).prefix(index.length)
      guard own.elementsEqual(evaluations[Int(one.item)].dropFirst(Int(one.start)).prefix(index.length))
      else {
        return nil
      }
      return Run(start: place, number: number, isBoilerplate: index.itemCount(of: number) > limit)
    }
  }

  private func contaminations(
    of item: Int, in training: TokenLists, _ runs: [Run], _ index: RunIndex
  ) -> [Contamination] {
    var leaks = [Bool](repeating: false, count: training[item].count)
    var others: Set<UInt32> = []
    var seen: Set<UInt32> = []
    for run in runs where !run.isBoilerplate {
      leaks[run.start] = true
      // What repeats itself gives the same runs again and again.
      guard seen.insert(run.number).inserted else { continue }
      for occurrence in index.occurrences(of: run.number) { others.insert(occurrence.item) }
    }
    if others.isEmpty { return [] }
    let shared = SharedRuns(training[item], least: index.length, leaks: leaks)
    return others.compactMap { other in
      let words = evaluations[Int(other)]
      return shared.longest(in: words).map {
        Contamination(training: item, evaluation: Int(other), run: $0, isWhole: $0.length == words.count)
      }
    }
  }

  /// Runs that follow each other are one form of words.
  private func group(
    _ runs: [Run], of item: Int, in training: TokenLists, _ index: RunIndex, _ groups: inout [[UInt32]: Int],
    _ report: inout ContaminationReport
  ) {
    var rest = runs[...]
    while let first = rest.first {
      var end = rest.startIndex + 1
      while end < rest.endIndex, rest[end].start == rest[end - 1].start + 1 { end += 1 }
      let length = end - rest.startIndex - 1 + index.length
      let evaluations = rest[..<end].map { index.itemCount(of: $0.number) }.max() ?? 0
      let words = Array(training[item].dropFirst(first.start).prefix(length))
      if let known = groups[words] {
        if report.boilerplate[known].training.last != item { report.boilerplate[known].training.append(item) }
        report.boilerplate[known].evaluations = max(report.boilerplate[known].evaluations, evaluations)
      } else if let one = index.occurrences(of: first.number).first {
        groups[words] = report.boilerplate.count
        report.boilerplate.append(
          Boilerplate(
            training: [item], trainingStart: first.start, length: length, evaluation: Int(one.item),
            evaluationStart: Int(one.start), evaluations: evaluations))
      }
      rest = rest[end...]
    }
  }
}
