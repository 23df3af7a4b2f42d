public import Records

extension SnapshotTree {
  /// The changes that lead from this tree to `new`, found lazily in key order. Equal subtrees are skipped
  /// unread, so the cost follows the changes.
  public func diff(to new: SnapshotTree) -> TreeDiff { TreeDiff(old: self, new: new) }
}

/// A whole node that only one of two trees has keys in the range of.
public struct TreeSubtree {
  /// The number of records under the node.
  public var count: Int { child.count }
  let child: TreeChild
  let level: Int
  let previous: RecordID?
  let nodes: TreeNodes

  /// Its entries, in key order.
  public func entries() -> TreeCursor {
    TreeCursor(start: .child(child, level: level, after: previous), nodes: nodes, range: nil)
  }
}

/// One step of a diff.
public enum TreeChange {
  /// One record differs.
  case record(RecordDelta)
  /// All records of a subtree were added.
  case added(TreeSubtree)
  /// All records of a subtree were removed.
  case removed(TreeSubtree)
}

/// A lazy stream of the changes between two trees.
public struct TreeDiff {
  private var old: DiffSide
  private var new: DiffSide
  /// The subtree being handed out entry by entry, which was added (or removed) as a whole.
  private var subtree: TreeCursor?
  private var isAdded = false
  private var leaf: ArraySlice<TreeEntry> = []
  /// How many children of a node are looked at for what to read ahead.
  private var window = 8
  private static let widestWindow = 64
  /// Nodes that were read ahead and not opened yet.
  private var ahead: [ObjectID: TreeNode] = [:]
  /// Whether the old tree's nodes that have changed stay in the cache: for whoever changes them in the same way.
  var keepsOld = false
  /// The kinds of change that ``next()`` returns; nil for all. Subtrees of other kinds are not read.
  public var kinds: Set<RecordDelta.Kind>?

  /// A diff in which nil stands for the empty tree.
  public init(old: SnapshotTree?, new: SnapshotTree) {
    self.old = DiffSide(nodes: (old ?? new).nodes, start: old?.root)
    self.new = DiffSide(nodes: new.nodes, start: new.root)
    if old?.root == new.root {
      self.old.start = nil
      self.new.start = nil
    }
  }

  /// The next changed record, or nil at the end.
  public mutating func next() throws -> RecordDelta? {
    while true {
      if let entry = leaf.popFirst() {
        if let delta = RecordDelta(entry.key, from: isAdded ? nil : entry, to: isAdded ? entry : nil) {
          return delta
        }
      } else if let following = try subtree?.nextLeaf() {
        leaf = following
      } else {
        subtree = nil
        switch try nextChange() {
        case nil: return nil
        case .record(let delta):
          if wants(delta.kind) { return delta }
        case .added(let added):
          if wants(.added) { (subtree, isAdded) = (added.entries(), true) }
        case .removed(let removed):
          if wants(.removed) { (subtree, isAdded) = (removed.entries(), false) }
        }
      }
    }
  }

  private func wants(_ kind: RecordDelta.Kind) -> Bool { kinds?.contains(kind) ?? true }

  /// The next change, of any kind, with wholly added or removed subtrees left unread. Do not mix with ``next()``.
  public mutating func nextChange() throws -> TreeChange? {
    while true {
      DiffSide.skipEqualEntries(&old, &new)
      switch (try old.head(), try new.head()) {
      case (.end, .end): return nil
      case (.end, .entry(let entry)):
        new.skip()
        if let delta = RecordDelta(entry.key, from: nil, to: entry) { return .record(delta) }
      case (.entry(let entry), .end):
        old.skip()
        if let delta = RecordDelta(entry.key, from: entry, to: nil) { return .record(delta) }
      case (.end, .node(let subtree)):
        new.skip()
        return .added(subtree)
      case (.node(let subtree), .end):
        old.skip()
        return .removed(subtree)
      case (.entry(let left), .entry(let right)):
        if left.key <= right.key { old.skip() }
        if right.key <= left.key { new.skip() }
        let delta = RecordDelta(
          min(left.key, right.key), from: left.key <= right.key ? left : nil,
          to: right.key <= left.key ? right : nil)
        if let delta { return .record(delta) }
      case (.entry(let left), .node(let right)):
        if right.child.lastKey < left.key {
          new.skip()
          return .added(right)
        }
        if let previous = right.previous, left.key <= previous {
          old.skip()
          if let delta = RecordDelta(left.key, from: left, to: nil) { return .record(delta) }
        } else {
          try new.expand(right, ahead.removeValue(forKey: right.child.id))
        }
      case (.node(let left), .entry(let right)):
        if left.child.lastKey < right.key {
          old.skip()
          return .removed(left)
        }
        if let previous = left.previous, right.key <= previous {
          new.skip()
          if let delta = RecordDelta(right.key, from: nil, to: right) { return .record(delta) }
        } else {
          try old.expand(left, ahead.removeValue(forKey: left.child.id))
        }
      case (.node(let left), .node(let right)):
        if left.child.id == right.child.id {
          old.skip()
          new.skip()
        } else if let previous = right.previous, left.child.lastKey <= previous {
          old.skip()
          return .removed(left)
        } else if let previous = left.previous, right.child.lastKey <= previous {
          new.skip()
          return .added(right)
        } else {
          if left.level == right.level { readAhead(left.child.id, right.child.id) }
          if left.level >= right.level {
            let read = ahead.removeValue(forKey: left.child.id)
            if keepsOld, let read { old.nodes.cache?.keep(read, left.child.id) }
            try old.expand(left, read)
          }
          if right.level >= left.level { try new.expand(right, ahead.removeValue(forKey: right.child.id)) }
        }
      }
    }
  }

  /// Has the nodes read that both sides will open from here on, in steps that grow: whoever wants a few changes reads
  /// few nodes.
  private mutating func readAhead(_ left: ObjectID, _ right: ObjectID) {
    guard new.nodes.readsTogether, ahead[left] == nil, ahead[right] == nil else { return }
    // What is left over was in both trees after all.
    if ahead.count > 2 * Self.widestWindow { ahead.removeAll(keepingCapacity: true) }
    let upcoming = (old: old.upcoming(window), new: new.upcoming(window))
    window = min(window * 2, Self.widestWindow)
    // Side by side, since the new node of a pair is as a rule a difference from the old one.
    let (oldIDs, newIDs) = (Set(upcoming.old), Set(upcoming.new))
    var ids: [ObjectID] = []
    for position in 0..<max(upcoming.old.count, upcoming.new.count) {
      if position < upcoming.old.count, !newIDs.contains(upcoming.old[position]) {
        ids.append(upcoming.old[position])
      }
      if position < upcoming.new.count, !oldIDs.contains(upcoming.new[position]) {
        ids.append(upcoming.new[position])
      }
    }
    for case (let id, let node?) in zip(ids, new.nodes.together(ids)) { ahead[id] = node }
  }

  /// Counts the rest of the changes by kind without reading subtrees that were added or removed whole.
  public mutating func counts() throws -> ChangeCounts {
    var counts = ChangeCounts()
    while let change = try nextChange() {
      switch change {
      case .record(let delta):
        switch delta.kind {
        case .added: counts.added += 1
        case .removed: counts.removed += 1
        case .edited: counts.edited += 1
        }
      case .added(let subtree): counts.added += subtree.count
      case .removed(let subtree): counts.removed += subtree.count
      }
    }
    return counts
  }
}

/// One tree of a diff: a stack of nodes opened so far.
private struct DiffSide {
  enum Head {
    case end
    case entry(TreeEntry)
    case node(TreeSubtree)
  }

  private enum Items {
    case entries([TreeEntry])
    case children([TreeChild], level: Int)
  }

  private struct Frame {
    let items: Items
    var next = 0
    var previous: RecordID?
  }

  let nodes: TreeNodes
  var start: ObjectID?
  private var frames: [Frame] = []

  init(nodes: TreeNodes, start: ObjectID?) {
    self.nodes = nodes
    self.start = start
  }

  mutating func head() throws -> Head {
    if let root = start {
      start = nil
      let node = try nodes.root(root)
      if let lastKey = node.lastKey {
        let child = TreeChild(lastKey: lastKey, id: root, count: node.count)
        frames.append(Frame(items: .children([child], level: node.level), previous: nil))
      }
    }
    while let frame = frames.last {
      switch frame.items {
      case .entries(let entries) where frame.next < entries.count: return .entry(entries[frame.next])
      case .children(let children, let level) where frame.next < children.count:
        return .node(
          TreeSubtree(child: children[frame.next], level: level, previous: frame.previous, nodes: nodes))
      default: frames.removeLast()
      }
    }
    return .end
  }

  /// Steps over entries that both sides have, as long as both are in a leaf.
  static func skipEqualEntries(_ old: inout DiffSide, _ new: inout DiffSide) {
    let (left, right) = (old.frames.count - 1, new.frames.count - 1)
    guard left >= 0, right >= 0, case .entries(let oldEntries) = old.frames[left].items,
      case .entries(let newEntries) = new.frames[right].items
    else { return }
    oldEntries.withUnsafeBufferPointer { oldEntries in
      newEntries.withUnsafeBufferPointer { newEntries in
        let (first, second) = (old.frames[left].next, new.frames[right].next)
        let most = min(oldEntries.count - first, newEntries.count - second)
        var equal = 0
        while equal < most, oldEntries[first + equal] == newEntries[second + equal] { equal += 1 }
        old.frames[left].next += equal
        new.frames[right].next += equal
      }
    }
  }

  /// The head, which is a node, and those after it under the same parent: at most `count`.
  func upcoming(_ count: Int) -> [ObjectID] {
    guard let frame = frames.last, case .children(let children, _) = frame.items else { return [] }
    return children[frame.next...].prefix(count).map(\.id)
  }

  /// Steps over the head.
  mutating func skip() {
    let top = frames.count - 1
    if case .children(let children, _) = frames[top].items {
      frames[top].previous = children[frames[top].next].lastKey
    }
    frames[top].next += 1
  }

  /// Replaces the head, which is `subtree`, by what is in it.
  mutating func expand(_ subtree: TreeSubtree, _ read: TreeNode?) throws {
    let node = try nodes.node(subtree.child, level: subtree.level, after: subtree.previous, read: read)
    skip()
    switch node {
    case .leaf(let entries): frames.append(Frame(items: .entries(entries), previous: nil))
    case .inner(let level, let children):
      frames.append(Frame(items: .children(children, level: level - 1), previous: subtree.previous))
    }
  }
}
