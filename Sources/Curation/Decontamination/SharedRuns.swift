/// Finds the longest run of words that a training item shares with an evaluation item and that holds a shorter run of
/// certain ones.
///
/// Takes time in proportion to the training item once, and to each evaluation item: a training item may be a whole
/// evaluation set.
struct SharedRuns {
  private let automaton: SubwordAutomaton
  private let least: Int
  /// How many of the certain runs begin before each word of the training item.
  private let marked: [Int]

  /// - Parameters:
  ///   - least: words of the shorter runs.
  ///   - leaks: at which words of the training item one begins.
  init(_ training: ArraySlice<UInt32>, least: Int, leaks: [Bool]) {
    automaton = SubwordAutomaton(training)
    self.least = least
    marked = leaks.reduce(into: [0]) { $0.append(($0.last ?? 0) + ($1 ? 1 : 0)) }
  }

  /// Of several, the first in the training item, and of those the first in the evaluation item. Nil when there is none.
  func longest(in evaluation: ArraySlice<UInt32>) -> SharedRun? {
    var best: SharedRun?
    // A run that is shared and holds a certain one ends where the longest does that ends there.
    automaton.matches(evaluation) { place, length, start in
      guard length >= least, marked[start + length - least + 1] > marked[start] else { return }
      if let best, length < best.length || length == best.length && start >= best.trainingStart { return }
      best = SharedRun(trainingStart: start, evaluationStart: place - length + 1, length: length)
    }
    return best
  }
}
