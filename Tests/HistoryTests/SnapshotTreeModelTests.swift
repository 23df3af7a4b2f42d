import Records
import Testing

@testable import History

/// Random edits held against a dictionary.
@Suite struct SnapshotTreeModelTests {
  /// Keys among which node ends are frequent at every level, so that few entries make a deep tree.
  static let keys: [RecordID] = {
    var keys: [RecordID] = []
    for number in 1...6 as ClosedRange<UInt64> {
      var wanted = [120, 40, 10, 3]
      var row: UInt32 = 0
      while wanted[0] > 0 || wanted[1] > 0 || wanted[2] > 0 {
        row += 1
        let key = RecordID(batch: batch(number), row: row)
        let ended = min(3, TreeShape.levelsEnded(by: key))
        if wanted[ended] > 0 {
          wanted[ended] -= 1
          keys.append(key)
        }
      }
    }
    return keys.sorted()
  }()

  static func randomEntry(_ key: RecordID, _ generator: inout SplitMix64) -> TreeEntry {
    let origin = Bool.random(using: &generator) ? nil : keys.randomElement(using: &generator)
    return TreeEntry(key: key, object: object(Int.random(in: 0..<50, using: &generator)), origin: origin)
  }

  @Test(arguments: 1...6 as ClosedRange<UInt64>)
  func `applying edits gives the tree that building gives`(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let nodes = NodesInMemory()
    var model: [RecordID: TreeEntry] = [:]
    var root = try SnapshotTree.build(sorted: [], write: nodes.write).id
    for _ in 0..<14 {
      let before = model
      // From a few edits to most keys, and sometimes removals only.
      let share = [0.005, 0.05, 0.4, 0.95][Int.random(in: 0..<4, using: &generator)]
      let removals = [0.1, 0.5, 0.9, 1][Int.random(in: 0..<4, using: &generator)]
      var edits: [TreeEdit] = []
      for key in Self.keys where Double.random(in: 0..<1, using: &generator) < share {
        if Double.random(in: 0..<1, using: &generator) < removals {
          model[key] = nil
          edits.append(.remove(key))
        } else {
          let entry = Self.randomEntry(key, &generator)
          model[key] = entry
          edits.append(.put(entry))
        }
      }
      let old = nodes.tree(root)
      let applied = try old.applying(edits, write: nodes.write)
      let sorted = model.values.sorted { $0.key < $1.key }
      #expect(try applied == SnapshotTree.build(sorted: sorted, write: nodes.write))
      #expect(applied.count == model.count)
      let new = nodes.tree(applied.id)
      #expect(try new.count() == model.count)
      #expect(try entries(of: new) == sorted)

      try checkDiff(from: old, before, to: new, model)
      try checkDiff(from: new, model, to: old, before)
      try checkLookups(new, model, sorted, &generator)
      root = applied.id
    }
  }

  private func checkDiff(
    from old: SnapshotTree, _ before: [RecordID: TreeEntry], to new: SnapshotTree,
    _ after: [RecordID: TreeEntry]
  ) throws {
    let expected = Set(before.keys).union(after.keys).sorted().compactMap {
      RecordDelta($0, from: before[$0], to: after[$0])
    }
    var diff = old.diff(to: new)
    var found: [RecordDelta] = []
    while let delta = try diff.next() { found.append(delta) }
    #expect(found == expected)
    var counting = old.diff(to: new)
    let counts = try counting.counts()
    #expect(counts.added == expected.count { $0.kind == .added })
    #expect(counts.removed == expected.count { $0.kind == .removed })
    #expect(counts.edited == expected.count { $0.kind == .edited })
  }

  private func checkLookups(
    _ tree: SnapshotTree, _ model: [RecordID: TreeEntry], _ sorted: [TreeEntry],
    _ generator: inout SplitMix64
  ) throws {
    let some = Self.keys.filter { _ in Int.random(in: 0..<20, using: &generator) == 0 }
    #expect(try tree.entries(for: some) == some.map { model[$0] })
    for key in some.prefix(12) {
      #expect(try tree.entry(for: key) == model[key])
      let rank = try tree.rank(of: key)
      #expect(rank == sorted.count { $0.key < key })
      #expect(try tree.entry(at: rank) == (rank < sorted.count ? sorted[rank] : nil))
    }
    #expect(try tree.entry(at: -1) == nil)
    #expect(try tree.entry(at: sorted.count) == nil)
    for _ in 0..<4 {
      let bounds = [Self.keys, Self.keys].compactMap { $0.randomElement(using: &generator) }.sorted()
      #expect(
        try entries(of: tree, in: bounds[0]...bounds[1])
          == sorted.filter { (bounds[0]...bounds[1]).contains($0.key) })
    }
  }

  @Test func `the order of edits does not matter`() throws {
    let nodes = NodesInMemory()
    var generator = SplitMix64(seed: 7)
    let all = Self.keys.map { Self.randomEntry($0, &generator) }
    let expected = try SnapshotTree.build(sorted: all, write: nodes.write)
    for _ in 0..<3 {
      var root = try SnapshotTree.build(sorted: [], write: nodes.write).id
      for part in all.shuffled(using: &generator).chunked(in: 23) {
        let edits = part.sorted { $0.key < $1.key }.map { TreeEdit.put($0) }
        root = try nodes.tree(root).applying(edits, write: nodes.write).id
      }
      #expect(root == expected.id)
    }
  }
}

extension Array {
  func chunked(in count: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: self.count, by: count).map { self[$0..<Swift.min($0 + count, self.count)] }
  }
}
