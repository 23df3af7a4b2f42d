public import Records

extension SnapshotTree {
  /// The entries whose keys lie in `range`, or all of them, in key order. Nodes are read as the cursor reaches
  /// them; only those that overlap the range.
  public func entries(in range: ClosedRange<RecordID>? = nil) -> TreeCursor {
    TreeCursor(start: .root(root), nodes: nodes, range: range)
  }
}

extension RecordID {
  /// The range of all record ids of a batch.
  public static func range(of batch: BatchPrefix) -> ClosedRange<RecordID> {
    RecordID(batch: batch, row: 0)...RecordID(batch: batch, row: .max)
  }
}

/// A position in a tree's entries, moving forward.
public struct TreeCursor {
  enum Start {
    case root(ObjectID)
    case child(TreeChild, level: Int, after: RecordID?)
  }

  private struct Frame {
    let level: Int
    let children: [TreeChild]
    var next: Int
    var previous: RecordID?
  }

  private var start: Start?
  private let nodes: TreeNodes
  private let range: ClosedRange<RecordID>?
  private var frames: [Frame] = []
  private var leaf: ArraySlice<TreeEntry> = []

  init(start: Start, nodes: TreeNodes, range: ClosedRange<RecordID>?) {
    self.start = start
    self.nodes = nodes
    self.range = range
  }

  /// The next entry, or nil at the end.
  public mutating func next() throws -> TreeEntry? {
    while leaf.isEmpty {
      guard let following = try readLeaf() else { return nil }
      leaf = following
    }
    return leaf.removeFirst()
  }

  /// All entries up to the end of the current leaf at once (about 32), or nil at the end: the fast way to read
  /// many entries.
  public mutating func nextLeaf() throws -> ArraySlice<TreeEntry>? {
    if !leaf.isEmpty {
      defer { leaf = [] }
      return leaf
    }
    while let following = try readLeaf() {
      if !following.isEmpty { return following }
    }
    return nil
  }

  private mutating func readLeaf() throws -> ArraySlice<TreeEntry>? {
    if let start {
      self.start = nil
      let (node, previous) =
        switch start {
        case .root(let id): (try nodes.root(id), nil as RecordID?)
        case .child(let child, let level, let previous):
          (try nodes.node(child, level: level, after: previous), previous)
        }
      if let entries = enter(node, after: previous) { return entries }
    }
    while let frame = frames.last {
      guard frame.next < frame.children.count else {
        frames.removeLast()
        continue
      }
      if let range, let previous = frame.previous, previous >= range.upperBound {
        frames.removeAll()
        return nil
      }
      let child = frame.children[frame.next]
      let node = try nodes.node(child, level: frame.level - 1, after: frame.previous)
      frames[frames.count - 1].next += 1
      frames[frames.count - 1].previous = child.lastKey
      if let entries = enter(node, after: frame.previous) { return entries }
    }
    return nil
  }

  /// The wanted entries of a leaf; nil for an inner node, which becomes the current frame.
  private mutating func enter(_ node: TreeNode, after previous: RecordID?) -> ArraySlice<TreeEntry>? {
    switch node {
    case .leaf(let entries):
      guard let range else { return entries[...] }
      let first = entries.partitioningIndex { $0.key >= range.lowerBound }
      let end = entries.partitioningIndex { $0.key > range.upperBound }
      return entries[first..<end]
    case .inner(let level, let children):
      let first = range.map { range in children.partitioningIndex { $0.lastKey >= range.lowerBound } } ?? 0
      frames.append(
        Frame(
          level: level, children: children, next: first,
          previous: first > 0 ? children[first - 1].lastKey : previous))
      return nil
    }
  }
}
