import History
public import Records

/// Compares trainings with each other.
public struct RunCompareRequest: Sendable {
  /// The runs, each by the beginning of its id or by its folder.
  public var runs: [String]

  /// The runs that are compared at most: each has a colour and a letter of its own.
  public static let most = 8
  /// Steps at which losses are put beside each other, at most.
  private static let mostSteps = 101

  /// A request.
  public init(_ runs: [String]) { self.runs = runs }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> RunComparison {
    try Failure.wrapping {
      guard (2...Self.most).contains(runs.count) else {
        throw Failure(.usage, "from 2 to \(Self.most) runs are compared, not \(runs.count)")
      }
      let workspace = try Workspace(session)
      let details = try runs.map { try RunShowRequest($0, verifiesModel: false).details(workspace) }
      return RunComparison(
        runs: details, settings: Self.settings(details), versions: try Self.versions(details, session),
        losses: Self.losses(details.map(\.curve)))
    }
  }

  /// What the runs were made with and not all the same; nil where a run does not say.
  private static func settings(_ runs: [RunDetails]) -> [RunComparison.Setting] {
    let said = runs.map { $0.run.map(settings) ?? [] }
    var names: [String] = []
    for name in said.joined().map(\.name) where !names.contains(name) { names.append(name) }
    return names.compactMap { name in
      let values = said.map { settings in settings.first { $0.name == name }?.value }
      let isSame = values.dropFirst().allSatisfy { $0 == values[0] }
      return isSame ? nil : RunComparison.Setting(name: name, values: values)
    }
  }

  private static func settings(_ run: RunSummary) -> [(name: String, value: JSONValue)] {
    [
      ("commit", .string(run.commit)), ("model", .string(run.model)),
      ("model digest", .string(run.modelDigest)), ("template", .string(run.template)),
      ("seed", .integer(run.seed)), ("code", .string(run.code)),
      ("records seen", .integer(run.used)), ("steps made", .integer(run.steps)),
    ] + run.configuration
  }

  /// Each other version against the first.
  private static func versions(_ runs: [RunDetails], _ session: Session) throws -> [RunComparison.Version] {
    guard let first = runs[0].run?.commit else { return [] }
    var seen: Set<String> = [first]
    return try runs.compactMap { $0.run?.commit }.filter { seen.insert($0).inserted }.map { commit in
      let difference = try DiffRequest(from: first, to: commit).run(in: session)
      return RunComparison.Version(from: difference.from, to: difference.to, counts: difference.counts)
    }
  }

  /// Losses at steps that every curve has: the first, the last, and others at equal distances.
  private static func losses(_ curves: [RunCurve?]) -> [RunComparison.Losses] {
    let curves = curves.compactMap { $0 }.filter { !$0.points.isEmpty }
    guard curves.count > 1, let shortest = curves.min(by: { $0.points.count < $1.points.count }) else {
      return []
    }
    let steps = shortest.points.map(\.step).filter { step in curves.allSatisfy { $0.loss(at: step) != nil } }
    return places(steps.count).map { place in
      RunComparison.Losses(step: steps[place], values: curves.map { $0.loss(at: steps[place]) ?? .nan })
    }
  }

  private static func places(_ count: Int) -> [Int] {
    guard count > mostSteps else { return Array(0..<count) }
    return (0..<mostSteps).map { $0 * (count - 1) / (mostSteps - 1) }
  }
}

/// Trainings beside each other.
public struct RunComparison: Sendable {
  /// A setting that is not the same in all.
  public struct Setting: Sendable {
    /// What it is called.
    public var name: String
    /// Its values, in the order of the runs; nil where a run does not say.
    public var values: [JSONValue?]
  }

  /// How a version differs from that of the first run.
  public struct Version: Sendable {
    /// That of the first run.
    public var from: CommitSummary
    /// That of another run.
    public var to: CommitSummary
    /// The records that lead from one to the other.
    public var counts: ChangeCounts
  }

  /// The losses of one step.
  public struct Losses: Sendable {
    /// Its number, from 1.
    public var step: Int
    /// In the order of the runs that have a curve, in nats a token; not a number where training diverged.
    public var values: [Double]
  }

  /// The runs, in the order in which they were asked for.
  public var runs: [RunDetails]
  /// The settings that differ.
  public var settings: [Setting]
  /// The versions that differ, each against that of the first run.
  public var versions: [Version]
  /// Losses at steps that all runs with a curve have; a hundred and one at most.
  public var losses: [Losses]
}
