import History
import Objects
import Records

/// A merge of two versions: the plan, and the commit that carries it out.
struct Merging {
  let plan: MergePlan
  let workspace: Workspace
  let ours: Commit
  let theirs: Commit

  /// - Parameter merge: which versions, and what brings them together.
  init(_ workspace: Workspace, _ merge: PendingMerge) throws {
    self.workspace = workspace
    ours = try workspace.commit(merge.ours)
    theirs = try workspace.commit(merge.theirs)
    let base =
      merge.verb == .merge
      ? try CommonBase(workspace, of: [ours.id], and: theirs.id) : try CommonBase(workspace, at: merge.base)
    plan = try MergePlan(base, ours: ours, theirs: theirs, in: workspace)
  }

  /// Enters into a result what the plan says and what is decided of it.
  func describe(_ merge: PendingMerge, _ result: inout MergeResult) throws {
    result.kind = .merge
    result.counts = plan.counts
    result.duplicates = try plan.duplicates.map {
      (kept: try workspace.short($0.kept), dropped: try workspace.short($0.dropped))
    }
    let reader = try RecordReader(workspace.store)
    for conflict in plan.conflicts {
      let choice = merge.decision(about: conflict.record)?.choice
      let entry = conflict.ours ?? conflict.theirs
      let summary = ConflictSummary(
        outcome: conflict.outcome, record: try workspace.short(conflict.record),
        other: try conflict.other.map(workspace.short),
        fields: conflict.fields.map { String(decoding: $0.text, as: UTF8.self) },
        instruction: try entry.map { try reader.pair($0).instruction } ?? "", choice: choice?.rawValue)
      if choice == nil { result.open.append(summary) } else { result.decided.append(summary) }
    }
  }

  /// Makes the commit, whose parents are both versions.
  ///
  /// - Parameter waiting: the merge as it waits, when it does.
  /// - Throws: ``Failure`` when HEAD is no longer our version, or other decisions were made meanwhile.
  func commit(_ merge: PendingMerge, waiting: PendingMerge? = nil, _ result: inout MergeResult) throws {
    var edits = MergeEdits(plan, ours: workspace.tree(of: ours), try RecordReader(workspace.store))
    for conflict in plan.conflicts {
      guard let decision = merge.decision(about: conflict.record) else { continue }
      try edits.decide(conflict, try choice(decision))
    }
    let transaction = try workspace.begin(merge.verb.rawValue, "\(merge.verb.rawValue) \(merge.name)")
    try workspace.requireHead(ours)
    guard try workspace.repository.pendingMerge() == waiting else { throw Workspace.headMoved }
    let made = try edits.write(workspace, into: transaction.pack)
    let id = try VersionDraft(
      edits: edits.edits,
      batches: merge.verb == .merge
        ? batchOrder(adding: made, time: transaction.time)
        : workspace.batchOrder(
          for: edits.edits, in: ours, from: theirs, adding: made, time: transaction.time),
      own: edits.own, report: MergeReport(plan, merge).write(into: transaction.pack),
      // Whoever takes a change over has not written it.
      author: merge.verb == .cherryPick ? theirs.git.authorship : nil, message: merge.message
    ).write(onto: ours, and: merge.verb == .merge ? [theirs.id] : [], moving: .head, transaction)
    try transaction.setMerge(to: nil)
    try transaction.finish()
    let commit = try workspace.commit(id)
    result.commit = try workspace.summary(commit)
    result.changes = try workspace.counts(from: ours, to: commit)
  }

  private func choice(_ decision: PendingMerge.Decision) throws -> MergeChoice {
    switch decision.choice {
    case .ours: .ours
    case .theirs: .theirs
    case .both: .both
    case .edited: .fields(try workspace.fields(of: decision))
    }
  }

  /// Their batches come in at their places, which are by time. One that both sides brought stays where it was first.
  private func batchOrder(adding made: [ObjectID], time: GitTime) throws -> [TreeEdit] {
    var known: [ObjectID: RecordID] = [:]
    var entries = workspace.repository.batches(of: ours).entries()
    while let entry = try entries.next() { known[entry.object] = entry.key }
    var edits: [RecordID: TreeEdit] = [:]
    var changes = workspace.repository.batches(of: ours).diff(to: workspace.repository.batches(of: theirs))
    while let delta = try changes.next() {
      guard let entry = delta.new else { continue }
      if let key = known[entry.object] {
        guard entry.key < key else { continue }
        edits[key] = .remove(key)
      }
      edits[entry.key] = .put(entry)
      known[entry.object] = entry.key
    }
    for batch in made where known[batch] == nil {
      let entry = BatchOrder.entry(time: time, batch: batch)
      edits[entry.key] = .put(entry)
    }
    return edits.values.sorted { $0.key < $1.key }
  }
}

extension Workspace {
  /// For verbs that cannot be done while a merge waits for decisions.
  ///
  /// - Throws: ``Failure`` of kind `no` when one does.
  func refuseDuringMerge() throws {
    guard let merge = try repository.pendingMerge() else { return }
    throw Failure(
      .no, "the \(merge.verb.rawValue) of `\(merge.name)` waits for decisions",
      hint:
        "`mdata conflicts` lists them; then `mdata merge --continue`, or give it up with `mdata merge --abort`"
    )
  }

  static var headMoved: Failure {
    Failure(
      .busy, "another process moved the branch or made decisions in the meantime",
      hint: "run the same command again")
  }

  /// - Throws: ``Failure`` of kind `busy` when HEAD leads to another version by now.
  func requireHead(_ commit: Commit) throws {
    guard try headCommit()?.id == commit.id else { throw Self.headMoved }
  }

  /// The record that a decision wrote by hand.
  func fields(of decision: PendingMerge.Decision) throws -> RecordFields {
    guard let pair = decision.pair, let columns = try decision.columns.map({ try JSON.parse($0) })?.object
    else {
      throw Failure(.data, "a decision of the merge is malformed", hint: Failure.damageHint)
    }
    return try RecordFields(
      pair: store.read(pair, .pair),
      columns: columns.map { (name: Array($0.name.utf8), value: CanonicalJSON.encode($0.value)) })
  }
}
