public import Records

/// One entry of a snapshot tree: a key, the object it points at and the row its provenance comes from.
///
/// In a snapshot the key is a record id and the object a pair. In the batch order tree the key is made by
/// ``BatchOrder`` and the object is a batch.
public struct TreeEntry: Hashable, Sendable {
  /// The key; entries of a tree are in strictly ascending order of it.
  public let key: RecordID
  /// The object the key points at.
  public let object: ObjectID
  /// The row (of an import or of an edit's batch) that holds the entry's columns and provenance. Equal to
  /// ``key`` for a record that was never edited.
  public let origin: RecordID

  /// An entry. Without `origin` it is its own origin, as every imported record is.
  public init(key: RecordID, object: ObjectID, origin: RecordID? = nil) {
    self.key = key
    self.object = object
    self.origin = origin ?? key
  }
}

/// One wished change to a tree: what `key` shall point at afterwards.
public struct TreeEdit: Hashable, Sendable {
  /// The key to change.
  public let key: RecordID
  /// The entry it shall have, or nil when it shall have none.
  public let entry: TreeEntry?

  /// Adds an entry or replaces the one with the same key.
  public static func put(_ entry: TreeEntry) -> TreeEdit { TreeEdit(key: entry.key, entry: entry) }

  /// Removes a key; removing one that is absent changes nothing.
  public static func remove(_ key: RecordID) -> TreeEdit { TreeEdit(key: key, entry: nil) }

  /// The change a delta describes, seen from its old side.
  public init(_ delta: RecordDelta) {
    key = delta.record
    entry = delta.new
  }

  private init(key: RecordID, entry: TreeEntry?) {
    self.key = key
    self.entry = entry
  }
}

/// A tree's root node and how many entries lie under it.
public struct TreeRoot: Hashable, Sendable {
  /// The object id of the root node.
  public let id: ObjectID
  /// The number of entries.
  public let count: Int

  /// A root.
  public init(id: ObjectID, count: Int) {
    self.id = id
    self.count = count
  }
}
