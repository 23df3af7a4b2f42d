import Records
import Synchronization

/// Nodes that were read and decoded lately: an update looks its records up, and then changes the same nodes.
///
/// Thread-safe. What it returns was proven to hash to its id when it was read.
final class NodeCache: Sendable {
  private let nodes = Mutex<[ObjectID: TreeNode]>([:])

  /// About ten megabytes. It is emptied when it is full: whoever walks a whole tree comes back to none of it.
  private static let mostNodes = 4_096

  func node(_ id: ObjectID) -> TreeNode? { nodes.withLock { $0[id] } }

  func keep(_ node: TreeNode, _ id: ObjectID) {
    nodes.withLock { nodes in
      if nodes.count >= Self.mostNodes { nodes.removeAll(keepingCapacity: true) }
      nodes[id] = node
    }
  }
}
