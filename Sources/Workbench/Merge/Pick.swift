import History
import Objects
import Records

/// Takes over what one commit changed, or takes it back, as a new version of the current branch.
public struct PickRequest: Sendable {
  /// Which of the two.
  public enum Kind: Sendable {
    /// The changes of the commit.
    case cherryPick
    /// Their opposite.
    case revert
  }

  /// Which of the two.
  public var kind: Kind
  /// The commit.
  public var revision: String
  /// Of a merge, the parent that its changes are counted from, from 1.
  public var mainline: Int?
  /// The new commit's message; nil for the old one, or one that says what it reverts.
  public var message: String?
  /// How conflicts are decided, by their kind; the others are left to be decided.
  public var policies: [MergeOutcome: MergePolicy]
  /// Whether to plan only.
  public var dryRun: Bool

  /// A request.
  public init(
    _ kind: Kind, revision: String, mainline: Int? = nil, message: String? = nil,
    policies: [MergeOutcome: MergePolicy] = [:], dryRun: Bool = false
  ) {
    self.kind = kind
    self.revision = revision
    self.mainline = mainline
    self.message = message
    self.policies = policies
    self.dryRun = dryRun
  }

  /// - Throws: ``Failure``; then the repository is as it was.
  public func run(in session: Session) throws -> MergeResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      try workspace.refuseDuringMerge()
      let ours = try workspace.resolve("HEAD")
      let picked = try workspace.resolve(revision)
      let parent = try parent(of: picked)
      let merge: PendingMerge
      switch kind {
      case .cherryPick:
        merge = PendingMerge(
          .cherryPick, base: parent, ours: ours.id, theirs: picked.id, name: revision,
          message: message ?? picked.message + "\n\n(cherry picked from commit \(picked.id.hex))")
      case .revert:
        guard let parent else {
          throw Failure(
            .usage, "`\(revision)` is the first version: without it there is no dataset",
            hint: "`mdata undo` takes back a commit that was just made")
        }
        merge = PendingMerge(
          .revert, base: picked.id, ours: ours.id, theirs: parent, name: revision,
          message: message ?? "Revert \"\(picked.summary)\"\n\nThis reverts commit \(picked.id.hex).")
      }
      var result = MergeResult(
        merge.verb, branch: try workspace.currentBranch(), ours: try workspace.summary(ours),
        theirs: try workspace.summary(picked))
      try workspace.bring(merge, policies, dryRun: dryRun, &result)
      return result
    }
  }

  /// What the commit's changes are counted from; nil for the empty version.
  private func parent(of commit: Commit) throws -> CommitID? {
    let parents = commit.parents
    guard let mainline else {
      if parents.count > 1 {
        throw Failure(
          .usage, "`\(revision)` is a merge of \(parents.count) versions",
          hint: "say which of them its changes are counted from: `--mainline 1` for the branch it was made on"
        )
      }
      return parents.first
    }
    guard parents.count > 1, (1...parents.count).contains(mainline) else {
      throw Failure(
        .usage,
        parents.count > 1
          ? "`\(revision)` has no parent \(mainline): it follows \(parents.count) versions"
          : "`\(revision)` is not a merge, so `--mainline` means nothing",
        hint: "`mdata log` shows what each version follows")
    }
    return parents[mainline - 1]
  }
}
