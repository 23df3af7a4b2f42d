/// The longest run of words that two items share and that holds a shorter run of certain ones.
///
/// By bisection over its length, since of a run that is shared every shorter one is: each step takes the hashes of all runs
/// of a length, so that the cost is linear in the items' words but for a logarithm, whatever they repeat.
struct LongestSharedRun {
  /// Of several, the first in the training item, and of those the first in the evaluation item. Nil when there is none.
  let run: SharedRun?

  /// - Parameters:
  ///   - least: words of the shorter runs.
  ///   - leaks: where the shorter runs begin in the training item.
  init(
    _ training: TokenLists, _ item: Int, _ evaluations: TokenLists, _ other: Int, least: Int, leaks: [Bool]
  ) {
    // How many marked runs begin before each word.
    var marked = [0]
    for leak in leaks { marked.append((marked.last ?? 0) + (leak ? 1 : 0)) }

    func find(length: Int) -> SharedRun? {
      var places: [UInt64: Int] = [:]
      for (start, hash) in evaluations.hashes(of: other, length: length).enumerated()
      where places[hash] == nil {
        places[hash] = start
      }
      for (start, hash) in training.hashes(of: item, length: length).enumerated()
      where marked[start + length - least + 1] > marked[start] {
        guard let place = places[hash] else { continue }
        let words = training[item].dropFirst(start).prefix(length)
        guard words.elementsEqual(evaluations[other].dropFirst(place).prefix(length)) else { continue }
        return SharedRun(trainingStart: start, evaluationStart: place, length: length)
      }
      return nil
    }

    var best = find(length: least)
    // A run that is shared and holds a marked one loses neither when it is cut at the end that is farther from it.
    var low = least
    var high = min(training[item].count, evaluations[other].count)
    // Most are hardly longer than the least, so the steps begin small, double until one fails, and then are halved.
    var step = 1
    var grows = true
    while best != nil, low < high {
      let middle = grows ? min(high, low + step) : low + (high - low + 1) / 2
      if let found = find(length: middle) {
        best = found
        low = middle
        step *= 2
      } else {
        high = middle - 1
        grows = false
      }
    }
    run = best
  }
}
