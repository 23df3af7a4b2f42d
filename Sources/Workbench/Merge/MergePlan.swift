import History
import Objects
import Records

/// What a merge will do to our version: computed from three versions, changing nothing.
struct MergePlan {
  /// How many records came out in each way.
  private(set) var counts: [MergeOutcome: Int] = [:]
  /// What their side changed and ours takes over, in the order of the records.
  private(set) var edits: [TreeEdit] = []
  /// Records whose changes were put together field by field, and our entry of each.
  private(set) var merged: [(record: RecordID, fields: RecordFields, model: TreeEntry)] = []
  /// The same pair on both sides: the record that is kept and the one that is not.
  private(set) var duplicates: [(kept: RecordID, dropped: RecordID)] = []
  /// What somebody has to decide, in the order of the records.
  private(set) var conflicts: [MergeConflict] = []

  /// Whether it leaves our version as it is, with nothing to decide.
  var isEmpty: Bool { edits.isEmpty && merged.isEmpty && conflicts.isEmpty }

  init(_ base: CommonBase, ours: Commit, theirs: Commit, in workspace: Workspace) throws {
    let trees = (ours: workspace.tree(of: ours), theirs: workspace.tree(of: theirs))
    var walk = try MergeWalk(base: base.tree, ours: trees.ours, theirs: trees.theirs)
    let reader = try RecordReader(workspace.store)
    var added: (ours: [TreeEntry], theirs: [TreeEntry]) = ([], [])
    while let step = try walk.next() {
      let before = try base.state(of: step.record, known: step.base, reader)
      if case .entry(nil) = before, let entry = step.ours ?? step.theirs,
        step.ours == nil || step.theirs == nil
      {
        if step.ours == nil { added.theirs.append(entry) } else { added.ours.append(entry) }
      } else {
        try add(step, before, reader)
      }
    }
    for step in try base.unseen(ours: trees.ours, theirs: trees.theirs) {
      try add(step, base.state(of: step.record, known: step.base, reader), reader)
    }
    try add(added, in: workspace)
    edits.sort { $0.key < $1.key }
    conflicts.sort { $0.record < $1.record }
  }

  /// A record that was there before, or that both sides have.
  private mutating func add(_ step: MergeStep, _ base: BaseState, _ reader: RecordReader) throws {
    let (isOurs, isTheirs) = try base.isLeft(by: step, reader)
    if isOurs, isTheirs { return }
    if isOurs {
      counts[.right, default: 0] += 1
      edits.append(step.theirs.map { .put($0) } ?? .remove(step.record))
    } else if isTheirs {
      counts[.left, default: 0] += 1
    } else if step.ours == step.theirs {
      counts[.convergent, default: 0] += 1
    } else if let ours = try step.ours.map(reader.fields), let theirs = try step.theirs.map(reader.fields) {
      let before = try Self.ancestor(of: step, base).fields(reader)
      add(step, base, FieldMerge(base: before, ours: ours, theirs: theirs), ours, theirs)
    } else if let kept = try (step.ours ?? step.theirs).map(reader.fields),
      let before = try base.fields(reader),
      before.isSame(as: kept)
    {
      // It was edited, and is again as it was.
      counts[step.ours == nil ? .left : .right, default: 0] += 1
      if step.theirs == nil { edits.append(.remove(step.record)) }
    } else {
      add(.editDelete, step, base, [])
    }
  }

  /// What both sides of a record come from. When both brought its batch, and one of them edited it since, that is the row
  /// as it was brought.
  private static func ancestor(of step: MergeStep, _ base: BaseState) -> BaseState {
    guard case .entry(nil) = base else { return base }
    for entry in [step.ours, step.theirs] { if let entry, entry.origin == entry.key { return .entry(entry) } }
    return base
  }

  private mutating func add(
    _ step: MergeStep, _ base: BaseState, _ merge: FieldMerge, _ ours: RecordFields, _ theirs: RecordFields
  ) {
    if !merge.conflicts.isEmpty {
      add(.editEdit, step, base, merge.conflicts)
    } else if merge.merged.isSame(as: ours) {
      counts[merge.merged.isSame(as: theirs) ? .convergent : .left, default: 0] += 1
    } else if merge.merged.isSame(as: theirs), let entry = step.theirs {
      counts[.right, default: 0] += 1
      edits.append(.put(entry))
    } else if let model = step.ours {
      counts[.fieldMerged, default: 0] += 1
      merged.append((step.record, merge.merged, model))
    }
  }

  private mutating func add(
    _ outcome: MergeOutcome, _ step: MergeStep, _ base: BaseState, _ fields: [RecordFields.Name]
  ) {
    counts[outcome, default: 0] += 1
    conflicts.append(
      MergeConflict(
        outcome: outcome, record: step.record, other: nil, base: base, ours: step.ours, theirs: step.theirs,
        fields: fields))
  }

  /// Records that only one side has, and had not before.
  private mutating func add(_ added: (ours: [TreeEntry], theirs: [TreeEntry]), in workspace: Workspace) throws
  {
    let twins = try Twins(ours: added.ours, theirs: added.theirs, in: workspace)
    var coupled: Set<RecordID> = []
    for (ours, theirs) in twins.duplicates {
      duplicates.append((kept: ours.key, dropped: theirs.key))
      coupled.insert(theirs.key)
    }
    for (ours, theirs) in twins.sameTasks {
      conflicts.append(
        MergeConflict(
          outcome: .sameTask, record: ours.key, other: theirs.key, base: .entry(nil), ours: ours,
          theirs: theirs,
          fields: [.output]))
      coupled.insert(theirs.key)
    }
    edits += added.theirs.filter { !coupled.contains($0.key) }.map { .put($0) }
    counts[.left, default: 0] += added.ours.count - coupled.count
    counts[.right, default: 0] += added.theirs.count - coupled.count
    counts[.duplicate, default: 0] += twins.duplicates.count
    counts[.sameTask, default: 0] += twins.sameTasks.count
  }
}
