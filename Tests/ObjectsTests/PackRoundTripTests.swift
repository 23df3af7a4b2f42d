import Records
import Testing

@testable import Objects

@Suite struct PackRoundTripTests {
  @Test func whatIsAddedIsReadBack() throws {
    let directory = TemporaryDirectory()
    let store = try directory.store()
    var generator = SplitMix64(seed: 1)
    var model: [ObjectID: (ObjectKind, [UInt8])] = [:]
    let writer = try PackWriter(store)
    for number in 0..<400 {
      let kind = ObjectKind.allCases.randomElement(using: &generator, or: .pair)
      let object = number % 3 == 0 ? bytes(number * 7, &generator) : text(number % 90, &generator)
      let id = try writer.add(kind, object)
      #expect(id == ObjectID.hash(kind, object))
      model[id] = (kind, object)
      #expect(try writer.read(id, kind) == object)
    }
    let info = try #require(try writer.finish())
    #expect(info.objects == model.count)
    for store in [store, try directory.store()] {
      for (id, (kind, object)) in model { #expect(try store.read(id, kind) == object) }
      #expect(!store.contains(ObjectID.hash(.pair, [9]), .pair))
    }
  }

  @Test func nothingNewWritesNoPack() throws {
    let directory = TemporaryDirectory()
    let store = try directory.store()
    #expect(try PackWriter(store).finish() == nil)
    let first = try PackWriter(store)
    let id = try first.add(.pair, Array("hello".utf8))
    _ = try first.finish()
    let second = try PackWriter(store)
    #expect(try second.add(.pair, Array("hello".utf8)) == id)
    #expect(try second.finish() == nil)
    #expect(directory.packs.count == 1)
  }

  @Test func aDiscardedPackLeavesNothing() throws {
    let directory = TemporaryDirectory()
    let store = try directory.store()
    do {
      let writer = try PackWriter(store)
      _ = try writer.add(.pair, [1, 2, 3])
      #expect(try POSIXFileSystem().list(directory.path) == ["pack.tmp0"])
    }
    #expect(try POSIXFileSystem().list(directory.path).isEmpty)
  }

  @Test func aStoreEndsWithItsLastUser() throws {
    let directory = TemporaryDirectory()
    weak var packs: PackDirectory?
    do {
      let store = try directory.store()
      packs = store.packs
      let writer = try PackWriter(store)
      let id = try writer.add(.pair, [1])
      _ = try writer.encode(.pair, UnsafeRawBufferPointer(start: nil, count: 0), ends: [])
      _ = try writer.finish()
      _ = try store.read(id, .pair)
    }
    #expect(packs == nil, "a store keeps itself and its mapped packs alive")
  }
}
