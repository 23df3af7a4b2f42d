public import Records

/// Objects of one kind, hashed and compressed, ready to be appended to a pack.
public struct EncodedObjects: Sendable {
  /// What they are.
  public let kind: ObjectKind
  /// The ids, in the order of the contents.
  public internal(set) var ids: [ObjectID] = []
  /// The entries one after another, and where each ends. An empty entry is an object the store already holds.
  var entries: [UInt8] = []
  var ends: [Int] = []
  /// Whether an entry needs the writer's dictionary.
  var usesDictionary = false
  /// Length of all objects together, in bytes.
  public internal(set) var rawBytes = 0

  init(kind: ObjectKind) { self.kind = kind }

  /// How many of the objects the store did not hold.
  public var newCount: Int {
    var start = 0
    var count = 0
    for end in ends {
      if end > start { count += 1 }
      start = end
    }
    return count
  }
}
