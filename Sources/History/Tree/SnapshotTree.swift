public import Records

/// An ordered map from record ids to objects, kept as a Merkle search tree of nodes: a pure function of its
/// entries, so equal contents have equal roots and equal parts of two trees are the same nodes.
///
/// The shape is that of the prolly trees of Noms and Dolt, with node ends decided by keys only; see
/// `docs/format.md`. The value holds no nodes: it reads them when asked, so it costs nothing to make.
public struct SnapshotTree {
  /// Returns a node's bytes, proven to hash to the id.
  public typealias Read = (_ node: ObjectID) throws -> [UInt8]

  /// The root node's object id.
  public let root: ObjectID
  let nodes: TreeNodes

  /// The tree under `root`.
  public init(root: ObjectID, read: @escaping Read) { self.init(root: root, cache: nil, read: read) }

  /// The same, with nodes kept for trees that share the cache.
  init(root: ObjectID, cache: NodeCache?, read: @escaping Read) {
    self.root = root
    nodes = TreeNodes(read: read, cache: cache)
  }

  /// Builds a tree from entries in ascending order of key.
  ///
  /// - Throws: ``TreeError/unsorted(_:)``, and what `write` throws.
  public static func build(
    sorted entries: some Sequence<TreeEntry>, write: @escaping TreeBuilder.Write
  ) throws -> TreeRoot {
    var builder = TreeBuilder(write: write)
    for entry in entries { try builder.append(entry) }
    return try builder.finish()
  }

  /// The number of entries. Reads the root only.
  public func count() throws -> Int { try nodes.root(root).count }
}
