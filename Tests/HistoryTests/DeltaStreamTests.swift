import Records
import Testing

@testable import History

/// Differences as values, held against dictionaries.
@Suite struct DeltaStreamTests {
  private typealias Model = [RecordID: TreeEntry]

  /// A tree and what is in it.
  private struct Version {
    let tree: SnapshotTree
    let model: Model
  }

  private static func versions(_ count: Int, _ nodes: NodesInMemory, seed: UInt64) throws -> [Version] {
    var generator = SplitMix64(seed: seed)
    var model: Model = [:]
    return try (0..<count).map { _ in
      // From nothing to nearly everything; some changes are taken back by the next version.
      let share = [0.01, 0.2, 0.9].randomElement(using: &generator) ?? 0.2
      for key in SnapshotTreeModelTests.keys where Double.random(in: 0..<1, using: &generator) < share {
        model[key] =
          Int.random(in: 0..<3, using: &generator) == 0
          ? nil : TreeEntry(key: key, object: object(Int.random(in: 0..<3, using: &generator)))
      }
      let root = try SnapshotTree.build(sorted: model.values.sorted { $0.key < $1.key }, write: nodes.write)
      return Version(tree: nodes.tree(root.id), model: model)
    }
  }

  private static func expected(_ old: Version, _ new: Version) -> [RecordDelta] {
    Set(old.model.keys).union(new.model.keys).sorted().compactMap {
      RecordDelta($0, from: old.model[$0], to: new.model[$0])
    }
  }

  private static func all(_ stream: some DeltaStream) throws -> [RecordDelta] {
    var stream = stream
    var found: [RecordDelta] = []
    while let delta = try stream.next() { found.append(delta) }
    return found
  }

  @Test(arguments: 1...12 as ClosedRange<UInt64>) func `differences invert and compose`(seed: UInt64) throws {
    let nodes = NodesInMemory()
    let versions = try Self.versions(4, nodes, seed: seed)
    let (a, b, c, d) = (versions[0], versions[1], versions[2], versions[3])
    let (ab, bc, cd) = (a.tree.diff(to: b.tree), b.tree.diff(to: c.tree), c.tree.diff(to: d.tree))

    #expect(try Self.all(ab) == Self.expected(a, b))
    #expect(try Self.all(ab.inverted()) == Self.expected(b, a))
    #expect(try Self.all(ab.inverted().inverted()) == Self.expected(a, b))
    #expect(try Self.all(ab.followed(by: bc)) == Self.expected(a, c))
    #expect(try Self.all(ab.followed(by: ab.inverted())).isEmpty)
    // However they are put together.
    #expect(try Self.all(ab.followed(by: bc).followed(by: cd)) == Self.expected(a, d))
    #expect(try Self.all(ab.followed(by: bc.followed(by: cd))) == Self.expected(a, d))
    #expect(
      try Self.all(ab.followed(by: bc).inverted())
        == Self.all(bc.inverted().followed(by: ab.inverted())))
    // As lists.
    let list = try DeltaList(Self.expected(a, b))
    #expect(try Self.all(list.followed(by: bc)) == Self.expected(a, c))
    // Applied to the older version they give the newer one.
    let edits = try Self.all(ab.followed(by: bc)).map { TreeEdit($0) }
    #expect(try a.tree.applying(edits, write: nodes.write).id == c.tree.root)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>) func `only the wanted kinds come`(seed: UInt64) throws {
    let versions = try Self.versions(2, NodesInMemory(), seed: seed)
    for kinds in [[.added], [.edited], [.removed], [.added, .removed], []] as [Set<RecordDelta.Kind>] {
      var diff = versions[0].tree.diff(to: versions[1].tree)
      diff.kinds = kinds
      #expect(
        try Self.all(diff) == Self.expected(versions[0], versions[1]).filter { kinds.contains($0.kind) })
    }
  }

  @Test func `whole subtrees of other kinds are not read`() throws {
    let nodes = NodesInMemory()
    let old = try SnapshotTree.build(sorted: imported(batch(1), rows: 2_000), write: nodes.write)
    let new = try nodes.tree(old.id).applying(
      imported(batch(2), rows: 20_000).map { .put($0) }, write: nodes.write)
    var diff = nodes.tree(old.id).diff(to: nodes.tree(new.id))
    diff.kinds = [.edited, .removed]
    nodes.resetCounts()
    #expect(try diff.next() == nil)
    #expect(nodes.reads < 30)
  }

  @Test func `differences that do not meet are refused`() throws {
    let key = RecordID(batch: batch(1), row: 1)
    func delta(_ from: Int?, _ to: Int?) throws -> RecordDelta {
      try #require(
        RecordDelta(
          key, from: from.map { TreeEntry(key: key, object: object($0)) },
          to: to.map { TreeEntry(key: key, object: object($0)) }))
    }
    var composed = try DeltaList([delta(1, 2)]).followed(by: DeltaList([delta(3, 4)]))
    #expect(throws: TreeError.deltasDoNotMeet(key)) { try composed.next() }
    #expect(throws: TreeError.unsorted(key)) { try DeltaList([delta(1, 2), delta(2, 3)]) }
  }
}
