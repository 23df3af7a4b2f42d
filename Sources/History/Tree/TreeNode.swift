import Records

/// A node's reference to one of its children.
struct TreeChild: Equatable {
  /// The last key under the child.
  let lastKey: RecordID
  /// The child's object id.
  let id: ObjectID
  /// The number of entries under the child, at least 1.
  let count: Int
}

/// One decoded node.
enum TreeNode: Equatable {
  case leaf([TreeEntry])
  /// `level` is at least 1; the children are nodes of `level - 1`.
  case inner(level: Int, children: [TreeChild])

  /// 0 for a leaf.
  var level: Int {
    switch self {
    case .leaf: 0
    case .inner(let level, _): level
    }
  }

  /// The number of entries under the node.
  var count: Int {
    switch self {
    case .leaf(let entries): entries.count
    case .inner(_, let children): children.reduce(0) { $0 + $1.count }
    }
  }

  /// The last key under the node; nil only for the root of an empty tree.
  var lastKey: RecordID? {
    switch self {
    case .leaf(let entries): entries.last?.key
    case .inner(_, let children): children.last?.lastKey
    }
  }
}
