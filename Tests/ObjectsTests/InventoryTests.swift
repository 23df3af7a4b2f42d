import Records
import Testing

@testable import Objects

/// An inventory finds every object that is intact and no other, whatever happened to the packs around them.
@Suite struct InventoryTests {
  private func inventory(_ directory: TemporaryDirectory, threads: Int = 1) throws -> ObjectInventory {
    try ObjectInventory(directory: directory.path, fileSystem: POSIXFileSystem(), threads: threads)
  }

  @Test func anIntactPackIsAllThere() throws {
    let fixture = try PackFixture(samples: 600, seed: 5)
    let directory = TemporaryDirectory()
    overwrite("\(directory.path)/\(fixture.name)", fixture.pack)
    for threads in [1, 3] {
      let inventory = try inventory(directory, threads: threads)
      #expect(inventory.packs.count == 1 && inventory.packs[0].isIntact)
      for (id, kind, bytes) in fixture.objects {
        #expect(inventory.state(of: id, kind) == .sound)
        #expect(try inventory.read(id, kind) == bytes)
      }
    }
  }

  @Test func aFlipOfAnyByteLosesAtMostWhatItHit() throws {
    let fixture = try PackFixture(seed: 5)
    let directory = TemporaryDirectory()
    for position in fixture.pack.indices {
      var pack = fixture.pack
      pack[position] ^= 1 << UInt8(position % 8)
      overwrite("\(directory.path)/\(fixture.name)", pack)
      let inventory = try inventory(directory)
      #expect(!inventory.packs[0].isIntact, "byte \(position)")
      let lost = fixture.objects.filter { inventory.state(of: $0.id, $0.kind) == .lost }
      // A delta takes those with it that are made from it.
      #expect(lost.count <= 4, "byte \(position): \(lost.count) objects lost")
      for (id, kind, bytes) in fixture.objects where inventory.state(of: id, kind) != .lost {
        #expect(try inventory.read(id, kind) == bytes, "byte \(position)")
      }
    }
  }

  @Test func everyTruncationKeepsWhatIsBeforeIt() throws {
    let fixture = try PackFixture(seed: 5)
    let directory = TemporaryDirectory()
    var last = 0
    for length in 0..<fixture.pack.count {
      overwrite("\(directory.path)/\(fixture.name)", Array(fixture.pack[..<length]))
      let inventory = try inventory(directory)
      #expect(!inventory.packs[0].isIntact)
      let left = fixture.objects.count { inventory.state(of: $0.id, $0.kind) != .lost }
      #expect(left >= last, "\(length) bytes")
      last = left
    }
    #expect(last == fixture.objects.count)
  }

  @Test(arguments: [0, 600]) func whatIsIntactIsSaved(samples: Int) throws {
    let fixture = try PackFixture(samples: samples, seed: 5)
    // The first entry of a pack with a dictionary is the dictionary, without which no pair can be read.
    let places = [fixture.pack.count - 100, fixture.pack.count - 140, 3, fixture.pack.count - 1]
    for damaged in places + (samples == 0 ? [12] : []) {
      let directory = TemporaryDirectory()
      var pack = fixture.pack
      pack[damaged] ^= 4
      let path = "\(directory.path)/\(fixture.name)"
      overwrite(path, pack)
      let before = try inventory(directory)
      let left = fixture.objects.filter { before.state(of: $0.id, $0.kind) != .lost }
      #expect(left.count >= fixture.objects.count - 1)
      var replaced = false
      _ = try before.salvage(0) { () throws(ObjectsError) in
        replaced = true
        try POSIXFileSystem().remove(path)
      }
      if !replaced { try POSIXFileSystem().remove(path) }
      let after = try inventory(directory)
      #expect(after.packs.count == 1 && after.packs[0].isIntact, "byte \(damaged)")
      let store = try directory.store()
      for (id, kind, bytes) in left { #expect(try store.read(id, kind) == bytes) }
      #expect(store.check().isEmpty)
    }
  }

  @Test func strangersAreNotPacks() throws {
    let directory = TemporaryDirectory()
    for name in ["pack.tmp0", "README", "x.pack"] { overwrite("\(directory.path)/\(name)", [1]) }
    let inventory = try inventory(directory)
    #expect(inventory.packs.isEmpty)
    #expect(inventory.strangers == ["README", "x.pack"])
  }
}
