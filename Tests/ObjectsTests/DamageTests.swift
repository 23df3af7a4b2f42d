import Glibc
import Records
import Testing

@testable import Objects

/// No damage to a pack may ever show as other bytes: a read gives the object or throws.
@Suite struct DamageTests {
  /// Reads everything from a store holding this one pack. Returns how many objects could still be read.
  @discardableResult
  private func readAll(_ fixture: PackFixture, pack: [UInt8], in directory: TemporaryDirectory) throws -> Int
  {
    overwrite("\(directory.path)/\(fixture.name)", pack)
    let store = try directory.store()
    let reader = try ObjectReader(store)
    var readable = 0
    for (id, kind, bytes) in fixture.objects {
      do throws(ObjectsError) {
        let found = try reader.read(id, kind)
        #expect(found == bytes, "altered bytes were returned")
        readable += 1
      } catch {
        #expect("\(error)".contains(directory.path), "the message names the file: \(error)")
      }
    }
    return readable
  }

  @Test func aFlipOfAnyByteIsHarmlessOrNoticed() throws {
    let fixture = try PackFixture(hasEmptyObject: true, seed: 3)
    let directory = TemporaryDirectory()
    #expect(try readAll(fixture, pack: fixture.pack, in: directory) == fixture.objects.count)
    for position in fixture.pack.indices {
      var pack = fixture.pack
      pack[position] ^= position % 9 == 8 ? 0xff : 1 << UInt8(position % 9)
      try readAll(fixture, pack: pack, in: directory)
      // The complete check sees the flips too that no read meets.
      #expect(!(try directory.store().check()).isEmpty)
    }
  }

  @Test func everyTruncationIsNoticed() throws {
    let fixture = try PackFixture(hasEmptyObject: true, seed: 3)
    let directory = TemporaryDirectory()
    for length in 0..<fixture.pack.count {
      #expect(try readAll(fixture, pack: Array(fixture.pack[..<length]), in: directory) == 0)
    }
    #expect(try readAll(fixture, pack: fixture.pack + [0], in: directory) == 0)
  }

  @Test func anEmptyPackIsDamageAndNotANewStore() throws {
    let fixture = try PackFixture(hasEmptyObject: true, seed: 3)
    let directory = TemporaryDirectory()
    overwrite("\(directory.path)/\(fixture.name)", [])
    let (id, kind, _) = fixture.objects[0]
    #expect(
      throws: ObjectsError.damagedPack(
        path: "\(directory.path)/\(fixture.name)", offset: 0, reason: "it is empty")
    ) { try directory.store().read(id, kind) }
  }

  @Test func swappedAndCopiedPacksAreNoticed() throws {
    let (first, second) = (
      try PackFixture(hasEmptyObject: true, seed: 3), try PackFixture(hasEmptyObject: true, seed: 4)
    )
    let directory = TemporaryDirectory()
    overwrite("\(directory.path)/\(first.name)", second.pack)
    overwrite("\(directory.path)/\(second.name)", first.pack)
    let store = try directory.store()
    for (id, kind, _) in first.objects + second.objects {
      #expect(throws: ObjectsError.self) { try store.read(id, kind) }
    }
    #expect(store.check().count == 2)
  }

  @Test func anUndamagedCopyIsFoundBehindADamagedOne() throws {
    let fixture = try PackFixture(hasEmptyObject: true, seed: 3)
    let directory = TemporaryDirectory()
    var damaged = fixture.pack
    damaged[40] ^= 1
    overwrite("\(directory.path)/\(fixture.name)", damaged)
    let store = try directory.store()
    let lost = fixture.objects.filter { !store.contains($0.id, $0.kind) }
    #expect(lost.count == 1)
    let writer = try PackWriter(store)
    for (_, kind, bytes) in fixture.objects { try writer.add(kind, bytes) }
    let info = try #require(try writer.finish())
    #expect(info.objects == 1, "only what was lost is written again")
    for (id, kind, bytes) in fixture.objects { #expect(try store.read(id, kind) == bytes) }
  }

  @Test func aLaterFormatIsRefusedPolitely() throws {
    let fixture = try PackFixture(hasEmptyObject: true, seed: 3)
    let directory = TemporaryDirectory()
    var pack = fixture.pack
    pack[7] = 2
    let path = "\(directory.path)/\(fixture.name)"
    overwrite(path, pack)
    #expect(throws: ObjectsError.unsupportedPack(path: path, version: 2)) {
      try directory.store().read(fixture.objects[0].id, fixture.objects[0].kind)
    }
  }

  @Test func otherFilesInTheDirectoryAreNotPacks() throws {
    let directory = TemporaryDirectory()
    for name in ["pack.tmp0", "README", String(repeating: "A", count: 64) + ".pack", "x.pack"] {
      overwrite("\(directory.path)/\(name)", [1])
    }
    #expect(try directory.store().packCount == 0)
    let id = ObjectID.hash(.pair, [])
    #expect(throws: ObjectsError.missing(id, .pair)) { try directory.store().read(id, .pair) }
  }
}
