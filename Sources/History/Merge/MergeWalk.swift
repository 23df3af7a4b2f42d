public import Records

/// One record that two versions have changed since the version both come from.
public struct MergeStep: Hashable, Sendable {
  /// The record.
  public let record: RecordID
  /// Its entry in the version both come from; nil when it was not there.
  public let base: TreeEntry?
  /// Its entry in our version; nil when it is not there.
  public let ours: TreeEntry?
  /// Its entry in their version; nil when it is not there.
  public let theirs: TreeEntry?

  /// A record in three versions.
  public init(record: RecordID, base: TreeEntry?, ours: TreeEntry?, theirs: TreeEntry?) {
    self.record = record
    self.base = base
    self.ours = ours
    self.theirs = theirs
  }
}

/// The records that either of two versions has changed since the version both come from, in the order of their ids.
///
/// Two differences are read side by side, so the cost follows the changes of both sides.
public struct MergeWalk {
  private var ours: TreeDiff
  private var theirs: TreeDiff
  private var ourNext: RecordDelta?
  private var theirNext: RecordDelta?

  /// - Parameter base: the version both come from; nil stands for the empty tree.
  public init(base: SnapshotTree?, ours: SnapshotTree, theirs: SnapshotTree) throws {
    self.ours = TreeDiff(old: base, new: ours)
    self.theirs = TreeDiff(old: base, new: theirs)
    // What theirs changed, the merge will change in ours, whose nodes there are mostly those of the base.
    self.theirs.keepsOld = true
    ourNext = try self.ours.next()
    theirNext = try self.theirs.next()
  }

  /// The next record, or nil at the end.
  public mutating func next() throws -> MergeStep? {
    switch (ourNext, theirNext) {
    case (nil, nil): return nil
    case (let left?, let right?) where left.record == right.record:
      (ourNext, theirNext) = (try ours.next(), try theirs.next())
      return MergeStep(record: left.record, base: left.old, ours: left.new, theirs: right.new)
    case (let left?, let right) where right.map({ left.record < $0.record }) ?? true:
      ourNext = try ours.next()
      return MergeStep(record: left.record, base: left.old, ours: left.new, theirs: left.old)
    case (_, let right?):
      theirNext = try theirs.next()
      return MergeStep(record: right.record, base: right.old, ours: right.old, theirs: right.new)
    case (_?, nil): return nil
    }
  }
}
