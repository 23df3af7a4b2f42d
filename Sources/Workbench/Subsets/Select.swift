import History
import Objects
import Records

/// Makes a version of some of another one's records.
public struct SelectRequest: Sendable {
  /// Of what; nil for the current version.
  public var revision: String?
  /// Which records stay.
  public var selection: Selection
  /// The branch to make for it; nil to go on with the current one.
  public var branch: String?
  /// The first line of the commit's message; nil for one that says what was selected.
  public var message: String?
  /// Whether to plan only.
  public var dryRun: Bool

  /// A request.
  public init(
    revision: String? = nil, selection: Selection, branch: String? = nil, message: String? = nil,
    dryRun: Bool = false
  ) {
    self.revision = revision
    self.selection = selection
    self.branch = branch
    self.message = message
    self.dryRun = dryRun
  }

  /// - Throws: ``Failure``; then the repository is as it was.
  public func run(in session: Session) throws -> SelectResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      try workspace.refuseDuringMerge()
      let commit = try workspace.resolve(revision ?? "HEAD")
      try check(commit, workspace)
      let plan = try SelectionPlan(selection, commit, in: workspace)
      guard plan.kept > 0 else {
        throw Failure(
          .no, "no record is left: nothing is \(selection.summary)",
          hint: "`mdata query \"SELECT … FROM records WHERE …\"` tries a condition, `--dry-run` a selection")
      }
      let branchName = try branch ?? workspace.currentBranch()
      let isNeeded = branch != nil || !plan.removed.isEmpty
      let made = try dryRun || !isNeeded ? nil : perform(plan, of: commit, workspace)
      return SelectResult(
        source: try workspace.summary(commit),
        commit: try made.map { try workspace.summary(workspace.commit($0)) },
        branch: branchName, kept: plan.kept, removed: plan.removed.count,
        groups: plan.groups.map { group in
          SelectResult.Group(
            value: group.value.map { String(decoding: $0, as: UTF8.self) }, records: group.records,
            selected: group.chosen)
        })
    }
  }

  private func check(_ commit: Commit, _ workspace: Workspace) throws {
    if let branch {
      _ = try workspace.newBranch(branch)
    } else if let revision, try workspace.headCommit()?.id != commit.id {
      throw Failure(
        .usage, "`\(revision)` is not the current version, which the selection would replace",
        hint: "name a branch for what is selected: `--branch NAME`")
    }
  }

  private func perform(_ plan: SelectionPlan, of commit: Commit, _ workspace: Workspace) throws -> CommitID {
    let transaction = try workspace.begin("select", "select \(selection.summary)".oneLine)
    try workspace.refuseDuringMerge()
    try workspace.requireKept(commit)
    if branch == nil { try workspace.requireHead(commit) }
    let name = try branch.map(workspace.newBranch) ?? .head
    let subset = Subset(
      source: commit, removed: plan.removed,
      message: message ?? "select \(selection.summary)", reason: selection.reason(of: commit))
    let made = try subset.commit(subset.write(in: transaction), in: transaction, moving: name)
    try transaction.finish()
    return made
  }
}

/// What was selected, or will be.
public struct SelectResult: Sendable {
  /// Records with one value of the field by which a sample was stratified, or the version balanced.
  public struct Group: Sendable {
    /// The value as JSON; nil for records that have none.
    public var value: String?
    /// Records that satisfy the condition.
    public var records: Int
    /// Records that were selected.
    public var selected: Int
  }

  /// The version that was selected from.
  public var source: CommitSummary
  /// The new version; nil when it was only planned, or nothing was to be removed.
  public var commit: CommitSummary?
  /// The branch of the new version.
  public var branch: String
  /// Records that stay.
  public var kept: Int
  /// Records that are left out.
  public var removed: Int
  /// The groups, largest first.
  public var groups: [Group]
}

extension String {
  /// The text without line ends, as the operation log has it.
  fileprivate var oneLine: String { split { $0.isNewline }.joined(separator: " ") }
}
