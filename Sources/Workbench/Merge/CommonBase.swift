import History
import Objects
import Records

/// What a record was before two versions went apart.
enum BaseState {
  /// This entry, or nil when it was not there.
  case entry(TreeEntry?)
  /// What two common ancestors make of it together.
  indirect case fields(RecordFields)
  /// Nobody can say: in one common ancestor it was removed, in another it was edited.
  case disputed
}

/// The version that two others come from. After criss-cross merges there are several best common ancestors: then, as in
/// git's recursive merge, it is what merging those would give, found record by record and only where it is asked for.
final class CommonBase {
  /// The best common ancestors.
  let commits: [CommitID]
  private let workspace: Workspace
  private let trees: [SnapshotTree]
  /// Of the ancestors up to each, and the one after it, the common base.
  private var earlier: [Int: CommonBase] = [:]

  init(_ workspace: Workspace, of ours: [CommitID], and theirs: CommitID) throws {
    self.workspace = workspace
    commits = try workspace.repository.git().mergeBases(ours, theirs).sorted()
    trees = try commits.map { workspace.tree(of: try workspace.commit($0)) }
  }

  /// The base that a cherry-pick or a revert names; nil for the empty version.
  init(_ workspace: Workspace, at base: CommitID?) throws {
    self.workspace = workspace
    commits = base.map { [$0] } ?? []
    trees = try commits.map { workspace.tree(of: try workspace.commit($0)) }
  }

  /// Where differences are counted from: the first of the ancestors, nil without any.
  var tree: SnapshotTree? { trees.first }

  /// - Parameter known: the record's entry in ``tree``.
  func state(of record: RecordID, known: TreeEntry?, _ reader: RecordReader) throws -> BaseState {
    var state = BaseState.entry(known)
    for index in trees.indices.dropFirst() {
      let next = try trees[index].entry(for: record)
      if case .entry(let entry) = state, entry == next { continue }
      let before = try base(before: index)
      let base = try before.state(of: record, known: before.tree?.entry(for: record), reader)
      state = try Self.merged(base, state, next, reader)
    }
    return state
  }

  /// Records that both sides have as the first ancestor has them, and that another ancestor has differently: no difference
  /// from the first shows them, and which ancestor is the first is chance.
  func unseen(ours: SnapshotTree, theirs: SnapshotTree) throws -> [MergeStep] {
    guard let tree else { return [] }
    var steps: [RecordID: MergeStep] = [:]
    for other in trees.dropFirst() {
      var changes = tree.diff(to: other)
      while let delta = try changes.next() {
        let (record, entry) = (delta.record, delta.old)
        guard try ours.entry(for: record) == entry, try theirs.entry(for: record) == entry else { continue }
        steps[record] = MergeStep(record: record, base: entry, ours: entry, theirs: entry)
      }
    }
    return Array(steps.values)
  }

  private func base(before index: Int) throws -> CommonBase {
    if let known = earlier[index] { return known }
    let made = try CommonBase(workspace, of: Array(commits[..<index]), and: commits[index])
    earlier[index] = made
    return made
  }

  private static func merged(
    _ base: BaseState, _ left: BaseState, _ right: TreeEntry?, _ reader: RecordReader
  ) throws -> BaseState {
    if case .disputed = left { return .disputed }
    if try base.isSame(as: left, reader) { return .entry(right) }
    if try base.isSame(as: .entry(right), reader) { return left }
    guard let one = try left.fields(reader), let two = try BaseState.entry(right).fields(reader) else {
      return .disputed
    }
    return .fields(FieldMerge(base: try base.fields(reader), ours: one, theirs: two).base)
  }
}

extension BaseState {
  /// The record's fields; nil when it was not there, or when that is in dispute.
  func fields(_ reader: RecordReader) throws -> RecordFields? {
    switch self {
    case .entry(let entry): try entry.map(reader.fields)
    case .fields(let fields): fields
    case .disputed: nil
    }
  }

  /// Which sides left the record as it was. Entries alone decide where there are some: most records that only one side
  /// changed are never read.
  func isLeft(by step: MergeStep, _ reader: RecordReader) throws -> (ours: Bool, theirs: Bool) {
    if case .entry(let entry) = self { return (step.ours == entry, step.theirs == entry) }
    return (try isSame(as: .entry(step.ours), reader), try isSame(as: .entry(step.theirs), reader))
  }

  /// Whether two states are known to be the same.
  func isSame(as other: BaseState, _ reader: RecordReader) throws -> Bool {
    if case .entry(let left) = self, case .entry(let right) = other { return left == right }
    guard let left = try fields(reader), let right = try other.fields(reader) else { return false }
    return left.isSame(as: right)
  }
}

extension RecordReader {
  /// A record's fields and columns.
  func fields(_ entry: TreeEntry) throws -> RecordFields {
    try RecordFields(pair: pairBytes(entry), columns: origins.columns(of: entry.origin))
  }
}
