import History
import Objects
import Records

/// Nodes in memory, addressed as a store addresses them, with a count of the reads and writes.
final class NodesInMemory {
  private(set) var nodes: [ObjectID: [UInt8]] = [:]
  private(set) var reads = 0
  private(set) var writes: [(id: ObjectID, base: ObjectID?)] = []

  func read(_ id: ObjectID) throws -> [UInt8] {
    reads += 1
    guard let bytes = nodes[id] else { throw MissingNode(id: id) }
    return bytes
  }

  func write(_ bytes: [UInt8], base: ObjectID?) -> ObjectID {
    let id = Self.id(bytes)
    nodes[id] = bytes
    writes.append((id, base))
    return id
  }

  func tree(_ root: ObjectID) -> SnapshotTree { SnapshotTree(root: root, read: read) }

  func resetCounts() {
    reads = 0
    writes = []
  }

  static func id(_ bytes: [UInt8]) -> ObjectID {
    let hasher = SHA256()
    hasher.begin()
    ObjectKind.node.preamble.withUnsafeBytes { hasher.update($0) }
    bytes.withUnsafeBytes { hasher.update($0) }
    return hasher.finish()
  }
}

struct MissingNode: Error { let id: ObjectID }

/// An object id that stands for `number`.
func object(_ number: Int) -> ObjectID { NodesInMemory.id(Array("object \(number)".utf8)) }

func batch(_ number: UInt64) -> BatchPrefix {
  BatchPrefix(high: number &* 0x9e37_79b9_7f4a_7c15, low: UInt32(number))
}

/// Entries for the rows 1 to `rows` of a batch.
func imported(_ batch: BatchPrefix, rows: Int) -> [TreeEntry] {
  (1...rows).map { TreeEntry(key: RecordID(batch: batch, row: UInt32($0)), object: object($0 % 97)) }
}

func entries(of tree: SnapshotTree, in range: ClosedRange<RecordID>? = nil) throws -> [TreeEntry] {
  var cursor = tree.entries(in: range)
  var found: [TreeEntry] = []
  while let entry = try cursor.next() { found.append(entry) }
  return found
}
