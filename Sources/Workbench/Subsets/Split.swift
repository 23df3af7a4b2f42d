import Curation
import History
import Objects
public import Records

/// Makes a version for each part of a split of another one, each on a branch of its own.
public struct SplitRequest: Sendable {
  /// What to split.
  public var revision: String
  /// The parts with their shares, in order; together everything.
  public var parts: [(name: String, share: Share)]
  /// What decides about a record.
  public var key: SplitKey
  /// Another seed, another split.
  public var seed: UInt64
  /// The beginning of the branches' names: `NAME/train`.
  public var name: String
  /// Whether to plan only.
  public var dryRun: Bool

  /// A request.
  public init(
    revision: String, parts: [(name: String, share: Share)], key: SplitKey = .task, seed: UInt64 = 0,
    name: String = "split", dryRun: Bool = false
  ) {
    self.revision = revision
    self.parts = parts
    self.key = key
    self.seed = seed
    self.name = name
    self.dryRun = dryRun
  }

  /// - Throws: ``Failure``; then the repository is as it was.
  public func run(in session: Session) throws -> SplitResult {
    try Failure.wrapping {
      var sum: Share?
      for (part, share) in parts {
        guard let total = sum.map({ $0.adding(share) }) ?? share, share.billionths > 0 else {
          throw Failure(
            .usage,
            share.billionths == 0
              ? "the share of `\(part)` is nothing" : "the shares are together more than everything",
            hint: "such as `--train 0.9 --validation 0.05 --test 0.05`")
        }
        sum = total
      }
      guard let sum, sum == .whole, parts.count > 1 else {
        throw Failure(
          .usage, "the shares are together \(sum?.percent ?? "nothing"), and every record needs its part",
          hint: "such as `--train 0.9 --validation 0.05 --test 0.05`")
      }
      let workspace = try Workspace(session)
      try workspace.refuseDuringMerge()
      let commit = try workspace.resolve(revision)
      let branches = try branches(in: workspace)
      let plan = try SplitPlan(commit, shares: parts.map(\.share), by: key, seed: seed, in: workspace)
      let made = dryRun ? [] : try perform(plan, of: commit, branches, workspace)
      return SplitResult(
        source: try workspace.summary(commit),
        parts: try parts.indices.map { place in
          SplitResult.Part(
            name: parts[place].name, branch: branches[place].short, share: parts[place].share,
            records: plan.counts[place],
            commit: made.isEmpty ? nil : try workspace.summary(try workspace.commit(made[place])))
        })
    }
  }

  private func branches(in workspace: Workspace) throws -> [RefName] {
    try parts.map { try workspace.newBranch("\(name)/\($0.name)") }
  }

  private func perform(
    _ plan: SplitPlan, of commit: Commit, _ branches: [RefName], _ workspace: Workspace
  ) throws -> [CommitID] {
    let version = try revision == "HEAD" ? workspace.currentBranch() : revision
    let transaction = try workspace.begin("split", "split \(version) into \(name)/…")
    try workspace.refuseDuringMerge()
    try workspace.requireKept(commit)
    _ = try self.branches(in: workspace)
    let subsets = parts.indices.map {
      Subset(
        source: commit, removed: plan.removed[$0],
        message: "split \(version): \(parts[$0].name), \(parts[$0].share.percent) by \(key.text)",
        reason: reason($0, of: commit))
    }
    let written = try subsets.map { try $0.write(in: transaction) }
    let made = try subsets.indices.map {
      try subsets[$0].commit(written[$0], in: transaction, moving: branches[$0])
    }
    try transaction.finish()
    return made
  }

  private func reason(_ place: Int, of commit: Commit) -> SubsetReason {
    var reason = SubsetReason("split", of: commit)
    reason.add("part", parts[place].name)
    reason.add("shares", parts.map { "\($0.name) \($0.share.percent)" }.joined(separator: ", "))
    reason.add("by", key.text)
    if key != .record { reason.add("form", NormalForm.version) }
    reason.add("seed", "\(seed)")
    return reason
  }
}

/// What a split made, or will make.
public struct SplitResult: Sendable {
  /// One part.
  public struct Part: Sendable {
    /// Its name.
    public var name: String
    /// The branch of its version.
    public var branch: String
    /// The share that was asked for.
    public var share: Share
    /// Records that are in it.
    public var records: Int
    /// Its version; nil when it was only planned.
    public var commit: CommitSummary?
  }

  /// The version that was split.
  public var source: CommitSummary
  /// The parts, in order.
  public var parts: [Part]
}
