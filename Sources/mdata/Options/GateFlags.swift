import ArgumentParser
import Records
import Workbench

/// What every record of a version must comply with.
struct GateFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Every record says these: teacher, seed, prompt, license, score, score.NAME or column.NAME, commas between them. Repeatable.",
      valueName: "answers"))
  var require: [String] = []

  @Option(
    help: ArgumentHelp("At most so many records, or so many percent, state no licence.", valueName: "n|p%"))
  var maxUnlicensed: String?

  @Option(
    help: ArgumentHelp(
      "Every record stands under this licence, or one of these; stating none fails too, unless --max-unlicensed says how many may. Repeatable.",
      valueName: "licence"))
  var allowLicense: [String] = []

  @Option(
    help: ArgumentHelp(
      "Every record has this score, and at least so high. Repeatable.", valueName: "name=least"))
  var minScore: [String] = []

  @Option(
    help: ArgumentHelp(
      "At most so many records look wrong in this way (\(AuditRequest.anomalyKinds.joined(separator: ", "))). Repeatable.",
      valueName: "kind=n|p%"))
  var maxAnomaly: [String] = []

  func validate() throws { _ = try gates() }

  /// The gates, in the order of the help.
  func gates() throws -> [AuditGate] {
    var gates: [AuditGate] = []
    for name in require.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }).map(
      String.init)
    {
      guard let answer = AuditGate.Answer(name) else {
        throw ValidationError(
          "'--require \(name)' is not one of teacher, seed, prompt, license, score, score.NAME, column.NAME")
      }
      gates.append(.require(answer))
    }
    if let maxUnlicensed { gates.append(.maxUnlicensed(try Self.amount(maxUnlicensed, "--max-unlicensed"))) }
    if !allowLicense.isEmpty {
      gates.append(.allowLicenses(allowLicense, acceptsNone: maxUnlicensed != nil))
    }
    for text in minScore {
      let (name, value) = try Self.pair(text, "--min-score", example: "rouge_l=0.7")
      guard let least = Double(value), least.isFinite else {
        throw ValidationError("'--min-score \(text)': '\(value)' is not a number")
      }
      gates.append(.minScore(name: name, least))
    }
    for text in maxAnomaly {
      let (kind, value) = try Self.pair(text, "--max-anomaly", example: "duplicate-pair=0")
      guard AuditRequest.anomalyKinds.contains(kind) else {
        throw ValidationError(
          "'--max-anomaly \(text)': '\(kind)' is not one of \(AuditRequest.anomalyKinds.joined(separator: ", "))"
        )
      }
      gates.append(.maxAnomaly(kind: kind, try Self.amount(value, "--max-anomaly \(kind)")))
    }
    return gates
  }

  private static func amount(_ text: String, _ flag: String) throws -> Amount {
    guard let amount = Amount(text) else {
      throw ValidationError("'\(flag) \(text)' is neither a number of records nor a percentage up to 100%")
    }
    return amount
  }

  private static func pair(_ text: String, _ flag: String, example: String) throws -> (String, String) {
    guard let place = text.lastIndex(of: "="), place != text.startIndex else {
      throw ValidationError("'\(flag) \(text)' has no name and value: such as '\(flag) \(example)'")
    }
    return (String(text[..<place]), String(text[text.index(after: place)...]))
  }
}
