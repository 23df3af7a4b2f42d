public import Records

/// What happened to one record between two snapshots: added, removed or edited.
public struct RecordDelta: Hashable, Sendable {
  /// The kinds of change.
  public enum Kind: UInt8, Sendable, CaseIterable {
    /// The record is only in the new snapshot.
    case added = 1
    /// The record is only in the old snapshot.
    case removed = 2
    /// The record points at another pair, or its columns come from another row.
    case edited = 3
  }

  /// The record.
  public let record: RecordID
  /// Its entry in the old snapshot, nil when it was added.
  public let old: TreeEntry?
  /// Its entry in the new snapshot, nil when it was removed.
  public let new: TreeEntry?

  /// The difference between two states of a record, or nil when there is none.
  public init?(_ record: RecordID, from old: TreeEntry?, to new: TreeEntry?) {
    guard old != new else { return nil }
    self.record = record
    self.old = old
    self.new = new
  }

  /// The kind of change.
  public var kind: Kind { old == nil ? .added : new == nil ? .removed : .edited }

  /// The change that undoes this one.
  public func inverted() -> RecordDelta { RecordDelta(record: record, old: new, new: old) }

  /// This change and then `next`, as one; nil when they undo each other.
  ///
  /// - Throws: ``TreeError/deltasDoNotMeet(_:)`` when `next` starts from another state or record.
  public func followed(by next: RecordDelta) throws(TreeError) -> RecordDelta? {
    guard next.record == record, next.old == new else { throw .deltasDoNotMeet(record) }
    return RecordDelta(record, from: old, to: next.new)
  }

  private init(record: RecordID, old: TreeEntry?, new: TreeEntry?) {
    self.record = record
    self.old = old
    self.new = new
  }
}
