import Records

/// Consecutive rows of one batch.
struct RowRange: Equatable {
  let batch: BatchPrefix
  let first: UInt32
  let last: UInt32
}

extension TreeSubtree {
  /// Gives the subtree's keys as ranges of consecutive rows, in order.
  ///
  /// A node whose count is the distance from the key before it to its last key holds every row between, so it is
  /// not read: an import of any size costs about one node a level.
  func forEachRange(_ body: (RowRange) throws -> Void) throws {
    if let previous, previous.batch == child.lastKey.batch,
      Int(child.lastKey.row - previous.row) == child.count
    {
      return try body(RowRange(batch: previous.batch, first: previous.row + 1, last: child.lastKey.row))
    }
    switch try nodes.node(child, level: level, after: previous) {
    case .leaf(let entries):
      for entry in entries {
        try body(RowRange(batch: entry.key.batch, first: entry.key.row, last: entry.key.row))
      }
    case .inner(let level, let children):
      var previous = previous
      for child in children {
        try TreeSubtree(child: child, level: level - 1, previous: previous, nodes: nodes).forEachRange(body)
        previous = child.lastKey
      }
    }
  }
}
