import Records
import Testing

@testable import History

@Suite struct HostileNodeTests {
  static let plain = RecordID(batch: batch(1), row: 2)

  static func key(ending level: Int, after row: UInt32 = 0) -> RecordID {
    var row = row
    while true {
      row += 1
      let key = RecordID(batch: batch(1), row: row)
      if TreeShape.levelsEnded(by: key) == level { return key }
    }
  }

  /// Any mutation of a node is refused or is itself the canonical encoding of another node, and never traps.
  @Test func `every flipped bit and every cut is refused or canonical`() throws {
    let ended = Self.key(ending: 1)
    var leaf = [1, 2, 3].map {
      TreeEntry(key: Self.key(ending: 0, after: UInt32($0 * 300)), object: object($0))
    }
    leaf.append(TreeEntry(key: RecordID(batch: batch(2), row: 7), object: object(9), origin: leaf[0].key))
    leaf.sort { $0.key < $1.key }
    let children = [
      TreeChild(lastKey: ended, id: object(1), count: 30),
      TreeChild(lastKey: RecordID(batch: batch(1), row: ended.row + 1), id: object(2), count: 200),
    ]
    for bytes in [TreeNodeEncoding.leaf(leaf[...]), TreeNodeEncoding.inner(level: 1, children[...])] {
      #expect(Self.isCanonical(bytes))
      for bit in 0..<bytes.count * 8 {
        var mutated = bytes
        mutated[bit / 8] ^= 1 << (bit % 8)
        Self.checkCanonicalOrRefused(mutated)
      }
      for length in 0..<bytes.count { Self.checkCanonicalOrRefused(Array(bytes.prefix(length))) }
      for extra in [0, 1, 0x80, 0xff] as [UInt8] { Self.checkCanonicalOrRefused(bytes + [extra]) }
    }
    var generator = SplitMix64(seed: 3)
    for _ in 0..<3_000 {
      let length = Int.random(in: 0..<120, using: &generator)
      var noise = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
      if !noise.isEmpty { noise[0] &= 1 }
      Self.checkCanonicalOrRefused(noise)
    }
  }

  static func isCanonical(_ bytes: [UInt8]) -> Bool {
    switch try? TreeNodeDecoding.node(bytes, id: object(0)) {
    case .leaf(let entries): TreeNodeEncoding.leaf(entries[...]) == bytes
    case .inner(let level, let children): TreeNodeEncoding.inner(level: level, children[...]) == bytes
    case nil: false
    }
  }

  static func checkCanonicalOrRefused(_ bytes: [UInt8]) {
    if (try? TreeNodeDecoding.node(bytes, id: object(0))) != nil { #expect(isCanonical(bytes)) }
  }

  @Test func `a length that is a lie does not allocate`() {
    let prefix = [UInt8](repeating: 7, count: 12)
    for count in [
      [0xff, 0xff, 0xff, 0xff, 0x0f], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
    ] {
      #expect(throws: TreeError.self) {
        try TreeNodeDecoding.node([0] + prefix + count.map { UInt8($0) } + [1, 0], id: object(0))
      }
    }
  }

  @Test func `well-formed nodes in the wrong place are refused`() throws {
    let nodes = NodesInMemory()
    let end = Self.key(ending: 1)
    let below = TreeEntry(key: Self.key(ending: 0), object: object(1))
    let last = TreeEntry(key: end, object: object(2))
    let tail = TreeEntry(key: Self.key(ending: 0, after: end.row), object: object(3))
    let sorted = [below, last].sorted { $0.key < $1.key }
    let first = nodes.write(TreeNodeEncoding.leaf(sorted[...]), base: nil)
    let second = nodes.write(TreeNodeEncoding.leaf([tail]), base: nil)
    func root(_ children: [TreeChild], level: Int = 1) -> SnapshotTree {
      nodes.tree(nodes.write(TreeNodeEncoding.inner(level: level, children[...]), base: nil))
    }
    let good = [
      TreeChild(lastKey: end, id: first, count: sorted.count),
      TreeChild(lastKey: tail.key, id: second, count: 1),
    ]
    #expect(try entries(of: root(good)).count == sorted.count + 1)
    let bad: [SnapshotTree] = [
      root([good[0]]),
      root([good[0], TreeChild(lastKey: tail.key, id: second, count: 2)]),
      root([TreeChild(lastKey: end, id: second, count: 1), good[1]]),
      root([good[0], TreeChild(lastKey: tail.key, id: root(good).root, count: 1)]),
      root([TreeChild(lastKey: Self.key(ending: 1, after: tail.key.row), id: first, count: 2)] + [good[1]]),
    ]
    let empty = nodes.tree(nodes.write([0], base: nil))
    for tree in bad {
      #expect(throws: TreeError.self) { try entries(of: tree) }
      #expect(throws: TreeError.self) {
        var diff = empty.diff(to: tree)
        while try diff.next() != nil {}
      }
    }
  }
}
