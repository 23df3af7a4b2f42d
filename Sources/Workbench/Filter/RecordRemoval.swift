import History
import Objects
import Records

/// What the verbs have in common that decide which pairs to leave out: of a file, and of a version that is only looked at,
/// they tell it; of a branch they make one version without those records, with the reason of each.
struct RecordRemoval<Plan> {
  let verb: String
  /// The branch as the user named it.
  let branch: String
  /// What decided, for the report of the version.
  let settings: () throws -> JSONValue
  /// The version's message, for so many records.
  let message: (Int) -> String
  /// Decides, changing nothing.
  let plan: (PairSource) throws -> Plan
  /// Why each record is left out, in ascending order of the records.
  let reasons: (Plan) -> [Reason]

  /// - Parameters:
  ///   - makesVersion: whether a branch gets a version without the records.
  ///   - file: appears when all is done.
  ///   - tell: is given what was decided, before it is done.
  /// - Returns: what was decided about what, and the version that was made, if any.
  /// - Throws: ``Failure``; then the repository is as it was.
  func run(
    on source: PairSource, makesVersion: Bool, file: ExportFile?, tell: (Plan, PairSource) throws -> Void
  ) throws -> (plan: Plan, source: PairSource, made: Commit?) {
    func only(_ plan: Plan) throws -> Plan {
      try tell(plan, source)
      try file?.commit()
      return plan
    }
    guard case .version(let before, let workspace) = source, makesVersion else {
      return (try only(plan(source)), source, nil)
    }
    try workspace.refuseDuringMerge()
    let name = try workspace.branch(of: branch)
    let head = try workspace.repository.head().branch
    var plan = try plan(source)
    if reasons(plan).isEmpty { return (try only(plan), source, nil) }
    let transaction = try workspace.begin(verb, "")
    try workspace.refuseDuringMerge()
    // What was the current branch when it was named still is.
    try workspace.requireBranch(head)
    let now = try workspace.resolve(branch)
    let current = PairSource.version(now, workspace)
    // Whoever committed meanwhile may have brought more, or removed what was to stay.
    if now.id != before.id { plan = try self.plan(current) }
    try tell(plan, current)
    let reasons = reasons(plan)
    let text = message(reasons.count)
    transaction.description = "\(verb) \(branch): \(text.prefix { $0 != "\n" })"
    var writer = try ReportWriter(transaction.pack)
    for reason in reasons { try writer.append(reason) }
    let id = try VersionDraft(
      edits: reasons.map { .remove($0.record) }, report: writer.finish(verb: verb, settings: settings()),
      message: text
    ).write(onto: now, moving: name, transaction)
    try transaction.finish()
    // Only now is it true.
    try file?.commit()
    return (plan, current, try workspace.commit(id))
  }
}

extension PairSource {
  /// The version and what was made of it, as results name them; nil for a file.
  func summaries(_ made: Commit?) throws -> (from: CommitSummary?, commit: CommitSummary?) {
    guard case .version(let commit, let workspace) = self else { return (nil, nil) }
    return (try workspace.summary(commit), try made.map(workspace.summary))
  }

  /// The version; nil for a file.
  var commit: Commit? { if case .version(let commit, _) = self { commit } else { nil } }

  /// The repository; nil for a file.
  var workspace: Workspace? { if case .version(_, let workspace) = self { workspace } else { nil } }
}
