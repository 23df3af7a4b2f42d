import History
import Records

/// Two versions of one repository.
struct Comparison {
  let workspace: Workspace
  let from: CommitSummary
  let to: CommitSummary
  let deltas: SelectedDeltas

  init(_ request: DiffRequest, _ session: Session) throws {
    workspace = try Workspace(session)
    var old = try workspace.resolve(request.from)
    let new = try workspace.resolve(request.to)
    if request.isFromCommonVersion {
      guard let base = try workspace.repository.git().mergeBase(old.id, new.id) else {
        throw Failure(
          .missing, "`\(request.from)` and `\(request.to)` come from no common version",
          hint: "`mdata diff \(request.from) \(request.to)` compares them as they are")
      }
      old = try workspace.commit(base)
    }
    from = try workspace.summary(old)
    to = try workspace.summary(new)
    deltas = try SelectedDeltas(
      workspace.tree(of: old).diff(to: workspace.tree(of: new)), request.filter, workspace)
  }

  func result(_ tally: ChangeTally, _ facets: [Facet], _ summary: DiffSummary?) throws -> DiffResult {
    DiffResult(
      from: from, to: to, counts: tally.counts,
      batches: try tally.batches.map { prefix, counts in
        BatchChange(
          batch: try workspace.short(prefix), name: try workspace.batch(prefix).source?.name, counts: counts)
      }, groups: zip(facets, tally.groups).map { FacetCounts($0, $1) }, summary: summary)
  }
}
