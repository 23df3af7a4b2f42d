public import Records

/// Builds a tree from entries in ascending order, writing each node as soon as it is complete. Memory is
/// bounded by the tree's depth.
public struct TreeBuilder {
  /// Stores a node's bytes and returns its object id. `base` names an older node with similar bytes, worth
  /// storing the node as a difference against.
  public typealias Write = (_ node: [UInt8], _ base: ObjectID?) throws -> ObjectID

  private let write: Write
  private var leaf = PendingNode<TreeEntry>()
  /// `inner[i]` is the unfinished node of level `i + 1`.
  private var inner: [PendingNode<TreeChild>] = []
  private var lastKey: RecordID?
  private var total = 0

  /// A builder of an empty tree.
  public init(write: @escaping Write) {
    self.write = write
    leaf.items.reserveCapacity(64)
  }

  /// Adds an entry after all others.
  ///
  /// - Throws: ``TreeError/unsorted(_:)``, and what `write` throws.
  public mutating func append(_ entry: TreeEntry) throws {
    try append(entry, carried: false)
  }

  /// Writes the unfinished nodes and returns the root.
  public mutating func finish() throws -> TreeRoot {
    let count = total
    if inner.allSatisfy({ $0.items.isEmpty }) {
      return TreeRoot(id: try write(TreeNodeEncoding.leaf(leaf.items[...]), leaf.usefulBase), count: count)
    }
    if !leaf.items.isEmpty { try closeLeaf() }
    var level = 1
    while inner[level...].contains(where: { !$0.items.isEmpty }) {
      if !inner[level - 1].items.isEmpty { try closeInner(level) }
      level += 1
    }
    let top = inner[level - 1]
    // A single child can only come from `append(subtree:)`; it is the root itself, or has a lower one in it.
    if top.items.count == 1 { return TreeRoot(id: top.items[0].id, count: count) }
    return TreeRoot(
      id: try write(TreeNodeEncoding.inner(level: level, top.items[...]), top.usefulBase), count: count)
  }
}

// What applying edits to an existing tree needs.
extension TreeBuilder {
  /// Adds an entry; `carried` says that it comes unchanged from the node that is being replaced.
  mutating func append(_ entry: TreeEntry, carried: Bool) throws {
    if let lastKey, lastKey >= entry.key { throw TreeError.unsorted(entry.key) }
    if leaf.isEnded { try closeLeaf() }
    leaf.items.append(entry)
    leaf.isEnded = TreeShape.levelsEnded(by: entry.key) > 0
    if carried { leaf.carried += 1 }
    lastKey = entry.key
    total += 1
  }

  /// Whether a node of `level` may begin here, because the key before it ended one.
  func isAligned(_ level: Int) -> Bool {
    lastKey.map { TreeShape.levelsEnded(by: $0) > level } ?? true
  }

  /// Adds a whole node of the old tree, unread. The builder must be aligned for its level.
  mutating func append(subtree child: TreeChild, level: Int) throws {
    try closeEnded(through: level)
    try push(child, into: level + 1)
    inner[level].carried += 1
    lastKey = child.lastKey
    total += child.count
  }

  /// Says that the items that follow replace the old node `id` of `level`.
  mutating func replace(_ id: ObjectID, level: Int) throws {
    guard isAligned(level) else { return }
    try closeEnded(through: level)
    if level == 0 {
      leaf.base = id
    } else {
      reserve(level)
      inner[level - 1].base = id
    }
  }
}

extension TreeBuilder {
  private mutating func closeEnded(through level: Int) throws {
    if leaf.isEnded { try closeLeaf() }
    for level in stride(from: 1, through: level, by: 1) where level <= inner.count && inner[level - 1].isEnded
    {
      try closeInner(level)
    }
  }

  private mutating func closeLeaf() throws {
    guard let last = leaf.items.last else { return }
    let id = try write(TreeNodeEncoding.leaf(leaf.items[...]), leaf.usefulBase)
    let child = TreeChild(lastKey: last.key, id: id, count: leaf.items.count)
    leaf.clear()
    try push(child, into: 1)
  }

  private mutating func closeInner(_ level: Int) throws {
    let node = inner[level - 1]
    guard let last = node.items.last else { return }
    let id = try write(TreeNodeEncoding.inner(level: level, node.items[...]), node.usefulBase)
    let count = node.items.reduce(0) { $0 + $1.count }
    inner[level - 1].clear()
    try push(TreeChild(lastKey: last.lastKey, id: id, count: count), into: level + 1)
  }

  private mutating func push(_ child: TreeChild, into level: Int) throws {
    reserve(level)
    if inner[level - 1].isEnded { try closeInner(level) }
    inner[level - 1].items.append(child)
    inner[level - 1].isEnded = TreeShape.levelsEnded(by: child.lastKey) > level
  }

  private mutating func reserve(_ level: Int) {
    while inner.count < level { inner.append(PendingNode()) }
  }
}

/// The items of a node that may still grow.
private struct PendingNode<Item> {
  var items: [Item] = []
  /// The last item ends the node. It is written when another item follows, so that a root is written as such.
  var isEnded = false
  /// The old node whose place the items take.
  var base: ObjectID?
  /// How many items come unchanged from an old node.
  var carried = 0

  /// The old node, when enough of it is left for a difference to be shorter than the node.
  var usefulBase: ObjectID? { carried * 4 >= items.count ? base : nil }

  mutating func clear() {
    items.removeAll(keepingCapacity: true)
    isEnded = false
    carried = 0
  }
}
