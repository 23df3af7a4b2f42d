public import Records

/// What can be wrong with a snapshot tree or with what is asked of it.
public enum TreeError: Error, Equatable, CustomStringConvertible {
  /// A node's bytes are not a well-formed node; the text says why.
  case damagedNode(ObjectID, String)
  /// A node does not match what its parent says about it; the text says how.
  case misplacedNode(ObjectID, String)
  /// Entries or edits were given out of order, or a key twice.
  case unsorted(RecordID)
  /// Two deltas were composed that do not meet: of different records, or with another state between them.
  case deltasDoNotMeet(RecordID)

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .damagedNode(let id, let reason):
      "The snapshot node \(id) is damaged: \(reason). Run `mdata fsck`."
    case .misplacedNode(let id, let reason):
      "The snapshot node \(id) does not belong where it is named: \(reason). Run `mdata fsck`."
    case .unsorted(let key): "The key \(key) was given twice or out of order."
    case .deltasDoNotMeet(let record):
      "The second change of record \(record) does not start where the first ends."
    }
  }
}
