import Objects
import Records
import Synchronization

/// Nodes that were read and decoded lately: an update looks its records up, and then changes the same nodes.
///
/// Thread-safe. What it returns was proven to hash to its id when it was read.
final class NodeCache: Sendable {
  private let store: ObjectStore
  private let threads: Int
  private let nodes = Mutex<[ObjectID: TreeNode]>([:])

  /// About ten megabytes. It is emptied when it is full: whoever walks a whole tree comes back to none of it.
  private static let mostNodes = 4_096
  /// Fewer are not worth waking a thread for.
  private static let fewestAhead = 4

  init(_ store: ObjectStore, threads: Int) {
    self.store = store
    self.threads = threads
  }

  func node(_ id: ObjectID) -> TreeNode? { nodes.withLock { $0[id] } }

  func keep(_ node: TreeNode, _ id: ObjectID) {
    nodes.withLock { nodes in
      if nodes.count >= Self.mostNodes { nodes.removeAll(keepingCapacity: true) }
      nodes[id] = node
    }
  }

  /// Whether there are threads to read with.
  var readsTogether: Bool { threads > 1 }

  /// Reads nodes that are about to be asked for. What cannot be read is left to whoever asks for it.
  func readAhead(_ ids: [ObjectID]) {
    guard readsTogether, ids.count >= Self.fewestAhead else { return }
    let missing = nodes.withLock { nodes in ids.filter { nodes[$0] == nil } }
    for case (let id, let node?) in zip(missing, together(missing)) { keep(node, id) }
  }

  /// Reads nodes on all threads, neighbours on the same one. Nil for those that cannot be read, and for all when that
  /// gains nothing.
  func together(_ ids: [ObjectID]) -> [TreeNode?] {
    let workers = min(threads, ids.count / Self.fewestAhead)
    guard workers > 1 else { return [TreeNode?](repeating: nil, count: ids.count) }
    let parts = Mutex([[TreeNode?]](repeating: [], count: workers))
    Threads.run(workers) { worker in
      let part = read(ids[worker * ids.count / workers..<(worker + 1) * ids.count / workers])
      parts.withLock { $0[worker] = part }
    }
    return parts.withLock { Array($0.joined()) }
  }

  private func read(_ ids: ArraySlice<ObjectID>) -> [TreeNode?] {
    let nodes = try? store.withReader { (reader) throws(ObjectsError) in
      ids.map { id -> TreeNode? in
        guard let bytes = try? reader.bytes(of: id, .node) else { return nil }
        return try? TreeNodeDecoding.node(bytes, id: id)
      }
    }
    return nodes ?? ids.map { _ in nil }
  }
}
