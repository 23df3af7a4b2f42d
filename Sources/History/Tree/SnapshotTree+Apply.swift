public import Records

extension SnapshotTree {
  /// Applies edits in ascending order of key and returns the root of the resulting tree, which is the root
  /// that building it afresh would give.
  ///
  /// Reads and writes O(edits · log entries) nodes: what no edit touches is taken over unread. Every written
  /// node is offered to `write` with the old node in whose place it stands, and each record that changes is told to
  /// `changed`, in order.
  ///
  /// - Throws: ``TreeError``, and what reading and writing throw.
  public func applying(
    _ edits: some Sequence<TreeEdit>, write: @escaping TreeBuilder.Write,
    changed: @escaping (RecordID, RecordDelta.Kind) -> Void = { _, _ in }
  ) throws -> TreeRoot {
    let old = try nodes.root(root)
    var application = TreeApplication(
      edits: SortedEdits(edits.makeIterator()), nodes: nodes, builder: TreeBuilder(write: write),
      changed: changed)
    try application.edits.advance()
    guard application.edits.next != nil else { return TreeRoot(id: root, count: old.count) }
    try application.visit(old, id: root, after: nil, isLast: true)
    return try lowestRoot(application.builder.finish())
  }

  /// Steps down from a node that was taken over whole and turned out to hold everything there is.
  private func lowestRoot(_ found: TreeRoot) throws -> TreeRoot {
    guard found.count > 0 else { return found }
    var id = found.id
    while case .inner(_, let children) = try TreeNodeDecoding.node(try nodes.read(id), id: id),
      children.count == 1
    {
      id = children[0].id
    }
    return TreeRoot(id: id, count: found.count)
  }
}

/// Edits one at a time, checked to be in order.
private struct SortedEdits<Source: IteratorProtocol> where Source.Element == TreeEdit {
  private var source: Source
  private(set) var next: TreeEdit?

  init(_ source: Source) { self.source = source }

  mutating func advance() throws {
    let following = source.next()
    if let next, let following, following.key <= next.key { throw TreeError.unsorted(following.key) }
    next = following
  }
}

/// A walk over the old tree that feeds a builder, going down only where an edit or a shifted node end is.
private struct TreeApplication<Source: IteratorProtocol> where Source.Element == TreeEdit {
  var edits: SortedEdits<Source>
  let nodes: TreeNodes
  var builder: TreeBuilder
  let changed: (RecordID, RecordDelta.Kind) -> Void

  /// `isLast` says that no node follows: edits beyond the last key belong here.
  mutating func visit(_ child: TreeChild, level: Int, after previous: RecordID?, isLast: Bool) throws {
    let isEdited = edits.next.map { isLast || $0.key <= child.lastKey } ?? false
    if !isEdited && builder.isAligned(level) {
      try builder.append(subtree: child, level: level)
    } else {
      let node = try nodes.node(child, level: level, after: previous)
      try visit(node, id: child.id, after: previous, isLast: isLast)
    }
  }

  mutating func visit(_ node: TreeNode, id: ObjectID, after previous: RecordID?, isLast: Bool) throws {
    try builder.replace(id, level: node.level)
    switch node {
    case .leaf(let entries):
      for entry in entries {
        try insert(before: entry.key)
        if let edit = edits.next, edit.key == entry.key {
          if let new = edit.entry {
            try builder.append(new, carried: new == entry)
            if new != entry { changed(entry.key, .edited) }
          } else {
            changed(entry.key, .removed)
          }
          try edits.advance()
        } else {
          try builder.append(entry, carried: true)
        }
      }
      if isLast { try insert(before: nil) }
    case .inner(let level, let children):
      var previous = previous
      for (position, child) in children.enumerated() {
        try visit(
          child, level: level - 1, after: previous, isLast: isLast && position == children.count - 1)
        previous = child.lastKey
      }
    }
  }

  private mutating func insert(before key: RecordID?) throws {
    while let edit = edits.next {
      if let key, edit.key >= key { return }
      if let entry = edit.entry {
        try builder.append(entry, carried: false)
        changed(entry.key, .added)
      }
      try edits.advance()
    }
  }
}
