import ArgumentParser
import Workbench

/// How conflicts are decided without asking.
struct DecisionFlags: ParsableArguments {
  @Flag(help: "As our side has it.")
  var ours = false

  @Flag(help: "As their side has it.")
  var theirs = false

  @Flag(help: "Keep both answers, as two records.")
  var both = false

  @Flag(help: "As the side has it that changed the record last.")
  var newest = false

  @Flag(help: "The answer with the higher score.")
  var bestScore = false

  @Option(help: ArgumentHelp("Which score, when there are several.", valueName: "name"))
  var score: String?

  /// The kinds of conflict, for messages.
  static var kinds: String {
    MergeOutcome.allCases.filter(\.isConflict).map(\.rawValue).joined(separator: ", ")
  }

  var policy: MergePolicy? {
    if ours { return .ours }
    if theirs { return .theirs }
    if both { return .both }
    if newest { return .newest }
    return bestScore ? .bestScore(score) : nil
  }

  /// The policy for every kind of conflict.
  var policies: [MergeOutcome: MergePolicy] {
    var policies: [MergeOutcome: MergePolicy] = [:]
    for outcome in MergeOutcome.allCases where outcome.isConflict { policies[outcome] = policy }
    return policies
  }

  func validate() throws {
    guard [ours, theirs, both, newest, bestScore].filter({ $0 }).count < 2 else {
      throw ValidationError("one way to decide at a time")
    }
    if score != nil, !bestScore { throw ValidationError("'--score' belongs to '--best-score'") }
  }

  /// A policy by its flag's name.
  static func policy(named name: String) -> MergePolicy? {
    switch name {
    case "ours": .ours
    case "theirs": .theirs
    case "both": .both
    case "newest": .newest
    case "best-score": .bestScore(nil)
    default: nil
    }
  }
}
