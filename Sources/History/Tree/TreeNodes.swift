import Records

/// Reads nodes by id and holds each one to what its parent says about it, so that a tree put together from
/// well-formed but foreign nodes is refused too.
struct TreeNodes {
  let read: (ObjectID) throws -> [UInt8]
  var cache: NodeCache?

  private func decoded(_ id: ObjectID) throws -> TreeNode {
    if let known = cache?.node(id) { return known }
    let node = try TreeNodeDecoding.node(try read(id), id: id)
    cache?.keep(node, id)
    return node
  }

  /// Announces nodes that will be asked for, so that they are read by several threads.
  func readAhead(_ ids: [ObjectID]) { cache?.readAhead(ids) }

  /// Whether ``together(_:)`` gains anything.
  var readsTogether: Bool { cache?.readsTogether ?? false }

  /// Several nodes read by several threads; nil for those that are to be read one by one, as when they are damaged.
  func together(_ ids: [ObjectID]) -> [TreeNode?] {
    cache?.together(ids) ?? [TreeNode?](repeating: nil, count: ids.count)
  }

  /// Reads a root: any node that is not an inner node with a single child.
  func root(_ id: ObjectID) throws -> TreeNode {
    let node = try decoded(id)
    if case .inner(_, let children) = node, children.count == 1 {
      throw TreeError.misplacedNode(id, "a root with one child stands for that child")
    }
    return node
  }

  /// Reads the child that a node of `level + 1` names. All its keys must lie after `previous`.
  /// `read` is the node when it was read ahead.
  func node(
    _ child: TreeChild, level: Int, after previous: RecordID?, read: TreeNode? = nil
  ) throws -> TreeNode {
    let node = try read ?? decoded(child.id)
    guard node.level == level else {
      throw TreeError.misplacedNode(child.id, "its level is \(node.level), not \(level)")
    }
    guard node.lastKey == child.lastKey else {
      throw TreeError.misplacedNode(child.id, "its last key differs")
    }
    guard node.count == child.count else {
      throw TreeError.misplacedNode(child.id, "it holds \(node.count) entries, not \(child.count)")
    }
    if let previous {
      let first =
        switch node {
        case .leaf(let entries): entries.first?.key
        case .inner(_, let children): children.first?.lastKey
        }
      guard let first, previous < first else {
        throw TreeError.misplacedNode(child.id, "it overlaps the node before it")
      }
    }
    return node
  }
}
