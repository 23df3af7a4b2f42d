public import Records

extension SnapshotTree {
  /// The entry of `key`, or nil. Reads one node a level.
  public func entry(for key: RecordID) throws -> TreeEntry? {
    var node = try nodes.root(root)
    var previous: RecordID?
    while true {
      switch node {
      case .leaf(let entries):
        let position = entries.partitioningIndex { $0.key >= key }
        return position < entries.count && entries[position].key == key ? entries[position] : nil
      case .inner(let level, let children):
        let position = children.partitioningIndex { $0.lastKey >= key }
        guard position < children.count else { return nil }
        if position > 0 { previous = children[position - 1].lastKey }
        node = try nodes.node(children[position], level: level - 1, after: previous)
      }
    }
  }

  /// The entries of many keys in ascending order, nil where there is none. Reads each node once.
  ///
  /// - Throws: ``TreeError/unsorted(_:)`` when the keys are not in order.
  public func entries(for keys: [RecordID]) throws -> [TreeEntry?] {
    for (key, next) in zip(keys, keys.dropFirst()) where key >= next { throw TreeError.unsorted(next) }
    var found: [TreeEntry?] = []
    found.reserveCapacity(keys.count)
    try look(for: keys[...], in: try nodes.root(root), after: nil, &found)
    return found
  }

  private func look(
    for keys: ArraySlice<RecordID>, in node: TreeNode, after previous: RecordID?, _ found: inout [TreeEntry?]
  ) throws {
    switch node {
    case .leaf(let entries):
      var position = 0
      for key in keys {
        while position < entries.count && entries[position].key < key { position += 1 }
        found.append(position < entries.count && entries[position].key == key ? entries[position] : nil)
      }
    case .inner(let level, let children):
      var rest = keys
      var previous = previous
      nodes.readAhead(Self.parents(of: keys, among: children))
      for child in children {
        let end = rest.firstIndex { $0 > child.lastKey } ?? rest.endIndex
        if end > rest.startIndex {
          let node = try nodes.node(child, level: level - 1, after: previous)
          try look(for: rest[..<end], in: node, after: previous, &found)
          rest = rest[end...]
        }
        if rest.isEmpty { return }
        previous = child.lastKey
      }
      found.append(contentsOf: rest.map { _ in nil })
    }
  }

  /// The children that lead to keys.
  private static func parents(of keys: ArraySlice<RecordID>, among children: [TreeChild]) -> [ObjectID] {
    var ids: [ObjectID] = []
    var rest = keys
    for child in children {
      guard let first = rest.first else { break }
      if first > child.lastKey { continue }
      ids.append(child.id)
      rest = rest.drop { $0 <= child.lastKey }
    }
    return ids
  }

  /// The number of entries whose key is less than `key`. Reads one node a level.
  public func rank(of key: RecordID) throws -> Int {
    var node = try nodes.root(root)
    var rank = 0
    var previous: RecordID?
    while true {
      switch node {
      case .leaf(let entries): return rank + entries.partitioningIndex { $0.key >= key }
      case .inner(let level, let children):
        let position = children.partitioningIndex { $0.lastKey >= key }
        rank += children[..<position].reduce(0) { $0 + $1.count }
        guard position < children.count else { return rank }
        if position > 0 { previous = children[position - 1].lastKey }
        node = try nodes.node(children[position], level: level - 1, after: previous)
      }
    }
  }

  /// The entry at a position from 0 in key order, or nil beyond the end. Reads one node a level.
  public func entry(at position: Int) throws -> TreeEntry? {
    var node = try nodes.root(root)
    guard position >= 0, position < node.count else { return nil }
    var rest = position
    var previous: RecordID?
    while true {
      switch node {
      case .leaf(let entries): return entries[rest]
      case .inner(let level, let children):
        var index = 0
        while rest >= children[index].count {
          rest -= children[index].count
          index += 1
        }
        if index > 0 { previous = children[index - 1].lastKey }
        node = try nodes.node(children[index], level: level - 1, after: previous)
      }
    }
  }
}

extension Array {
  /// The first index at which `isAfter` holds, when it holds for all later ones too.
  func partitioningIndex(where isAfter: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = low + (high - low) / 2
      if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
