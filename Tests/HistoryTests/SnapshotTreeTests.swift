import Records
import Testing

@testable import History

@Suite struct SnapshotTreeTests {
  /// Fails when anybody changes the encoding or the shape by accident: repositories would no longer agree.
  @Test func `the root of a known tree never changes`() throws {
    let nodes = NodesInMemory()
    var all = imported(batch(3), rows: 5_000) + imported(batch(2), rows: 70)
    all[17] = TreeEntry(key: all[17].key, object: object(1), origin: RecordID(batch: batch(9), row: 4))
    let root = try SnapshotTree.build(sorted: all.sorted { $0.key < $1.key }, write: nodes.write)
    #expect(root.count == 5_070)
    #expect(root.id.hex == "ee02ee6a0750db902d2e464974d2cbb9c35468236041049a3d4bdb390dd19617")
    let empty = try SnapshotTree.build(sorted: [], write: nodes.write)
    #expect(empty.count == 0)
    #expect(empty.id.hex == "11a1b034fb06a69d1b8183a24a70c8bf07ef55776d6029c2c456e04935ac171d")
  }

  @Test func `an edit rewrites one node a level and names what it replaces`() throws {
    let nodes = NodesInMemory()
    let all = imported(batch(1), rows: 20_000)
    let root = try SnapshotTree.build(sorted: all, write: nodes.write).id
    nodes.resetCounts()
    let edit = TreeEdit.put(TreeEntry(key: all[9_999].key, object: object(98)))
    let edited = try nodes.tree(root).applying([edit], write: nodes.write)
    #expect(nodes.writes.count <= 4)
    #expect(nodes.reads <= 6)
    #expect(nodes.writes.allSatisfy { $0.base != nil && $0.base != $0.id })
    #expect(edited.count == 20_000)

    nodes.resetCounts()
    var diff = nodes.tree(root).diff(to: nodes.tree(edited.id))
    #expect(try diff.next()?.record == all[9_999].key)
    #expect(try diff.next() == nil)
    #expect(nodes.reads <= 12)
  }

  @Test func `appended rows are written without a base they do not resemble`() throws {
    let nodes = NodesInMemory()
    let root = try SnapshotTree.build(sorted: imported(batch(1), rows: 3_000), write: nodes.write).id
    nodes.resetCounts()
    let more = imported(batch(2), rows: 2_000).map { TreeEdit.put($0) }
    let appended = try nodes.tree(root).applying(more, write: nodes.write)
    #expect(appended.count == 5_000)
    #expect(nodes.writes.count { $0.base != nil } <= 6)
    nodes.resetCounts()
    var diff = nodes.tree(root).diff(to: nodes.tree(appended.id))
    let counts = try diff.counts()
    #expect(counts.added == 2_000 && counts.removed == 0 && counts.edited == 0)
    #expect(nodes.reads < 20)
  }

  @Test func `no edits read the root only`() throws {
    let nodes = NodesInMemory()
    let root = try SnapshotTree.build(sorted: imported(batch(1), rows: 3_000), write: nodes.write)
    nodes.resetCounts()
    #expect(try nodes.tree(root.id).applying([], write: nodes.write) == root)
    #expect(nodes.reads == 1)
    #expect(nodes.writes.isEmpty)
  }

  @Test func `unsorted entries, edits and keys are refused`() throws {
    let nodes = NodesInMemory()
    let all = imported(batch(1), rows: 40)
    #expect(throws: TreeError.unsorted(all[3].key)) {
      try SnapshotTree.build(sorted: [all[3], all[3]], write: nodes.write)
    }
    let tree = nodes.tree(try SnapshotTree.build(sorted: all, write: nodes.write).id)
    #expect(throws: TreeError.unsorted(all[1].key)) {
      try tree.applying([.remove(all[2].key), .remove(all[1].key)], write: nodes.write)
    }
    #expect(throws: TreeError.unsorted(all[1].key)) { try tree.entries(for: [all[2].key, all[1].key]) }
  }

  @Test func `deltas invert and compose`() throws {
    let key = RecordID(batch: batch(1), row: 1)
    let states: [TreeEntry?] = [
      nil, TreeEntry(key: key, object: object(1)), TreeEntry(key: key, object: object(2)),
      TreeEntry(key: key, object: object(2), origin: RecordID(batch: batch(2), row: 9)),
    ]
    for old in states {
      for middle in states {
        guard let first = RecordDelta(key, from: old, to: middle) else { continue }
        #expect(try first.followed(by: first.inverted()) == nil)
        #expect(first.inverted().inverted() == first)
        for new in states {
          guard let second = RecordDelta(key, from: middle, to: new) else { continue }
          #expect(try first.followed(by: second) == RecordDelta(key, from: old, to: new))
          if middle != old {
            #expect(throws: TreeError.deltasDoNotMeet(key)) {
              try first.followed(by: first).map { _ in }
            }
          }
        }
      }
    }
  }
}
