import Curation
import Foundation
import Records

/// Measures the ROUGE-L filter: `similarity-bench greedy|isolated|rows|nearest N|FILE [THREADS] [REPEATS]`, and its index:
/// `similarity-bench index N|FILE THREADS REPEATS INDEX`, where INDEX is written unless it is there.
/// `similarity-bench decide FILE THREADS THRESHOLD greedy|isolated` prints decisions. N lists are generated; a
/// FILE has one text, or one JSON object with an `instruction`, a line.
@main enum SimilarityBench {
  static func main() throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3 else {
      print("usage: similarity-bench greedy|isolated|rows|nearest N|FILE [THREADS] [REPEATS]")
      return
    }
    let threads = arguments.count > 3 ? Int(arguments[3]) ?? 1 : 1
    let repeats = arguments.count > 4 ? Int(arguments[4]) ?? 3 : 3
    if arguments[1] == "index" {
      guard arguments.count > 5 else {
        return print("usage: similarity-bench index N|FILE THREADS REPEATS INDEX")
      }
      return try IndexBench.run(Input(arguments[2]), file: arguments[5], threads: threads, repeats: repeats)
    }
    let (lists, spellings) = try Input(arguments[2]).lists()
    if arguments[1] == "decide" { return try decide(lists, arguments) }
    let lengths = (0..<lists.count).map { lists[$0].count }.sorted()
    print(
      "\(lists.count) lists, \(spellings.count) words, median \(lengths[lengths.count / 2]),",
      "mean \(Double(lists.ids.count) / Double(lists.count)), longest \(lengths.last ?? 0)")
    let policy: RougeLPolicy = arguments[1] == "isolated" ? .isolated : .greedy
    let filter = try RougeLFilter(policy: policy, threads: threads)
    switch arguments[1] {
    case "greedy", "isolated":
      try measure(repeats) {
        let decisions = try filter.decisions(on: lists)
        return "kept \(decisions.count { $0.isKept })"
      }
    case "rows", "nearest":
      // A list is compared with all before it: the whole matrix.
      let kept = [RougeLDecision](repeating: .init(nearest: nil), count: lists.count)
      try measure(repeats) {
        let scores = try filter.scores(
          of: lists, decisions: kept, neighbours: arguments[1] == "rows" ? 10 : 1,
          means: arguments[1] == "rows")
        let sum = scores.means.reduce(0) { $0 + ($1 ?? 0) }
        let near = scores.nearest.reduce(0) { $0 + ($1.first?.score ?? 0) }
        return "sum of means \(sum), of nearest \(near)"
      }
    default: print("unknown: \(arguments[1])")
    }
  }

  /// A line for each text: the place of the text for which it goes and the score, or `keep`.
  private static func decide(_ lists: TokenLists, _ arguments: [String]) throws {
    guard arguments.count > 5, let threads = Int(arguments[3]), let threshold = Double(arguments[4]),
      let policy = RougeLPolicy(rawValue: arguments[5])
    else { return print("usage: similarity-bench decide FILE THREADS THRESHOLD greedy|isolated") }
    let filter = try RougeLFilter(threshold: threshold, policy: policy, threads: threads)
    for decision in try filter.decisions(on: lists) {
      if case .new(let other)? = decision.nearest?.item, let score = decision.nearest?.score {
        print(other, score)
      } else {
        print("keep")
      }
    }
  }

  static func measure(_ repeats: Int, _ body: () throws -> String) throws {
    var seconds: [Double] = []
    for _ in 0..<repeats {
      let wall = time(CLOCK_MONOTONIC)
      let processor = time(CLOCK_PROCESS_CPUTIME_ID)
      let result = try body()
      seconds.append(time(CLOCK_MONOTONIC) - wall)
      print(
        String(
          format: "%8.3f s, %.3f s of processors", seconds[seconds.count - 1],
          time(CLOCK_PROCESS_CPUTIME_ID) - processor), result)
    }
    print(String(format: "median %.3f s", seconds.sorted()[seconds.count / 2]))
  }

  private static func time(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
