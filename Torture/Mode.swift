import Faults
import Records

/// One way to torture a repository. `./dev torture NAME` runs one, `./dev torture` all.
protocol Mode: Sendable {
  /// The name on the command line.
  var name: String { get }
  /// What it does, in one line.
  var summary: String { get }
  /// Runs it and returns what was found wrong and how much was looked at.
  func run(_ plan: Plan) async throws -> Verdict
}

/// How a mode is run.
struct Plan: Sendable {
  /// A minute for all modes together, instead of hours.
  let isShort: Bool
  /// How much to do of what the mode counts by, when that is asked for.
  let count: Int?
  /// Of every random choice.
  let seed: UInt64
  /// The built `mdata`.
  let binary: String
  /// A folder of its own.
  let folder: String
}

extension Plan {
  /// How much to do: what was asked for, or the mode's own measure.
  func count(short: Int, long: Int) -> Int { count ?? (isShort ? short : long) }

  /// Works on every verb: two halves of them at the same time, each with a folder and chances of its own.
  ///
  /// - Returns: what came of each verb, first those of one half.
  func forEachVerb<Outcome: Sendable>(
    _ work: @escaping @Sendable (Verb, Laboratory, inout SplitMix64) throws -> Outcome
  ) async throws -> [Outcome] {
    try await withThrowingTaskGroup(of: [Outcome].self) { group in
      for half in 0..<2 {
        group.addTask {
          var generator = SplitMix64(seed: seed &+ UInt64(half))
          let laboratory = try Laboratory(folder: folder + "/\(half)")
          let verbs = Verb.all.enumerated().filter { $0.offset % 2 == half }
          return try verbs.map { try work($0.element, laboratory, &generator) }
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
  }
}

/// What a mode found.
struct Verdict: Sendable {
  /// What was looked at, with numbers: the line in the report.
  var counts: String
  /// What was wrong.
  var failures: [String] = []
  /// What could not be done here, and why.
  var skipped: [String] = []
}

/// Every mode: a new one is a file of its own and a line here.
let modes: [any Mode] = [
  Undo(),
  Collections(),
  BitRotMode(),
  PowerCuts(),
  IOErrors(),
  Kills(),
  RandomKills(),
  Writers(),
  FullDisk(),
]
