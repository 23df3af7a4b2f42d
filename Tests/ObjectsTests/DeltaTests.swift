import Records
import Testing

@testable import Objects

@Suite struct DeltaTests {
  @Test(arguments: [1, 20]) func chainsStayShortAndEveryLinkReadsBack(perPack: Int) throws {
    let directory = TemporaryDirectory()
    let store = try directory.store()
    var generator = SplitMix64(seed: 11)
    var node = bytes(1_000, &generator)
    var versions: [(ObjectID, [UInt8])] = []
    var total = 0
    for _ in 0..<(40 / perPack) {
      let writer = try PackWriter(store)
      for _ in 0..<perPack {
        versions.append((try writer.add(.node, node, deltaBase: versions.last?.0), node))
        node[Int(generator.next() % 1_000)] &+= 1
        let (id, bytes) = versions[versions.count / 2]
        #expect(try writer.read(id, .node) == bytes)
      }
      total += try #require(try writer.finish()).bytes
    }
    for store in [store, try directory.store()] {
      for (id, bytes) in versions { #expect(try store.read(id, .node) == bytes) }
      let depths = versions.map { try? ObjectReader(store).depth(of: $0.0, .node) }
      #expect(depths.compactMap(\.self).max() == 8)
    }
    // One whole node in nine, and about sixty bytes for each of the others.
    if perPack > 1 { #expect(total < 40 * 1_000 / 5) }
  }

  @Test func aBaseThatDoesNotHelpIsNotUsed() throws {
    let directory = TemporaryDirectory()
    let store = try directory.store()
    var generator = SplitMix64(seed: 12)
    let writer = try PackWriter(store)
    let base = try writer.add(.node, bytes(500, &generator))
    let other = bytes(500, &generator)
    let id = try writer.add(.node, other, deltaBase: base)
    let absent = try writer.add(.node, bytes(300, &generator), deltaBase: ObjectID.hash(.node, [1]))
    _ = try writer.finish()
    #expect(try ObjectReader(store).depth(of: id, .node) == 0)
    #expect(try ObjectReader(store).depth(of: absent, .node) == 0)
  }

  @Test func aLostBaseIsNamed() throws {
    let directory = TemporaryDirectory()
    let store = try directory.store()
    var generator = SplitMix64(seed: 13)
    var node = bytes(500, &generator)
    let first = try PackWriter(store)
    let base = try first.add(.node, node)
    let info = try #require(try first.finish())
    node[3] &+= 1
    let second = try PackWriter(store)
    let id = try second.add(.node, node, deltaBase: base)
    _ = try second.finish()
    try POSIXFileSystem().remove("\(directory.path)/\(info.fileName)")
    do {
      _ = try directory.store().read(id, .node)
      Issue.record("a delta was read without its base")
    } catch { #expect("\(error)".contains("base \(base.hex) is missing")) }
  }
}
