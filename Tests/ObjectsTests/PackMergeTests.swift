import Faults
import Glibc
import Records
import Testing

@testable import Objects

/// Small packs are merged as they come.
@Suite struct PackMergeTests {
  private let directory = TemporaryDirectory()

  private func packs(_ count: Int, objects: Int, _ generator: inout SplitMix64) throws -> [ObjectID] {
    var ids: [ObjectID] = []
    for _ in 0..<count {
      let writer = try PackWriter(try directory.store())
      var last: ObjectID?
      for _ in 0..<objects {
        // Each a difference from the one before, within a pack and across.
        let base = last
        last = try text(20, &generator).withUnsafeBytes { try writer.add(.pair, $0, deltaBase: base) }
        if let last { ids.append(last) }
      }
      _ = try writer.finish()
    }
    return ids
  }

  @Test func aFullTierBecomesOnePack() throws {
    var generator = SplitMix64(seed: 1)
    var ids = try packs(3, objects: 3, &generator)
    #expect(try directory.store().mergeSmallPacks() == false)
    #expect(directory.packs.count == 3)
    ids += try packs(1, objects: 3, &generator)
    #expect(try directory.store().mergeSmallPacks())
    #expect(directory.packs.count == 1)
    ids += try packs(1, objects: 40, &generator)
    #expect(try directory.store().mergeSmallPacks() == false)
    let store = try directory.store()
    #expect(store.check().isEmpty)
    for id in ids { #expect(store.contains(id, .pair)) }
  }

  @Test(arguments: [(0, 0), (3, 0), (4, 1), (15, 1), (16, 2), (16_383, 6), (65_536, 8), (1 << 20, 10)])
  func tiersGrowBy4(count: Int, tier: Int) { #expect(ObjectStore.tier(count) == tier) }

  @Test func thousandsOfPacksStayFew() throws {
    var generator = SplitMix64(seed: 2)
    var most = 0
    for _ in 0..<200 {
      _ = try packs(1, objects: 2, &generator)
      try directory.store().mergeSmallPacks()
      most = max(most, directory.packs.count)
    }
    #expect(most <= 3 * 5)
    #expect(try directory.store().check().isEmpty)
  }

  @Test func damageIsNotCarriedOnAndNothingGoes() throws {
    var generator = SplitMix64(seed: 3)
    _ = try packs(4, objects: 3, &generator)
    let path = directory.packs[2]
    var damaged = try contents(path)
    damaged[20] ^= 0x10
    overwrite(path, damaged)
    let before = directory.packs
    #expect(throws: ObjectsError.self) { try directory.store().mergeSmallPacks() }
    #expect(directory.packs == before)
  }
}
