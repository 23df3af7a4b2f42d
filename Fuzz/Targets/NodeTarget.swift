import History
import Objects
import Records

extension FuzzTarget {
  /// A node of a snapshot tree. All nodes of the tree are the same bytes, so that a parent meets itself.
  static let node = FuzzTarget("node") { input in
    let id = ObjectID.hash(.node, input)
    let tree = SnapshotTree(root: id) { _ in input }
    var entries: [TreeEntry] = []
    do {
      let count = try tree.count()
      try promise(count >= 0, "\(count) entries")
      var cursor = tree.entries()
      while let entry = try cursor.next() { entries.append(entry) }
      try promise(entries.count == count, "\(entries.count) entries where \(count) are announced")
    } catch is TreeError {
      return false
    }
    for (entry, next) in zip(entries, entries.dropFirst()) {
      try promise(entry.key < next.key, "keys are not in order")
    }
    // A tree that can be read through is a leaf, and the one leaf of its entries.
    var written: [[UInt8]] = []
    let root = try SnapshotTree.build(sorted: entries) { bytes, _ in
      written.append(bytes)
      return ObjectID.hash(.node, bytes)
    }
    try promise(written == [input] && root.id == id, "an accepted leaf is written as other bytes")
    for (position, entry) in entries.enumerated() {
      try promise(try tree.entry(for: entry.key) == entry, "an entry is not found by its key")
      try promise(try tree.entry(at: position) == entry, "an entry is not found by its position")
    }
    return true
  }
}
