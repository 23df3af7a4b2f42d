import Faults
import Glibc
import Records
import Testing

@testable import Objects

@Suite struct WriteFailureTests {
  /// Fails each call of writing a pack in turn: the store then holds what it held, or the whole pack.
  @Test(arguments: [false, true]) func aFailedWriteLeavesTheStoreAsItWas(staysBroken: Bool) throws {
    var generator = SplitMix64(seed: 41)
    let old = text(20, &generator)
    let objects = (0..<20).map { _ in text(30, &generator) }
    var failing = 1
    while true {
      let directory = TemporaryDirectory()
      let first = try PackWriter(try directory.store())
      try first.add(.pair, old)
      _ = try first.finish()
      let faulty = FaultyFileSystem(failing: failing, code: ENOSPC, staysBroken: staysBroken)
      var failure: (any Error)?
      do {
        let writer = try PackWriter(try ObjectStore(directory: directory.path, fileSystem: faulty))
        for object in objects { try writer.add(.pair, object) }
        _ = try writer.finish()
      } catch { failure = error }
      let store = try directory.store()
      #expect(try store.read(ObjectID.hash(.pair, old), .pair) == old)
      let present = objects.filter { store.contains(ObjectID.hash(.pair, $0), .pair) }.count
      #expect(present == 0 || present == objects.count)
      if failure == nil { #expect(present == objects.count) }
      #expect(store.check().isEmpty)
      try POSIXFileSystem().removeLeftovers(in: directory.path)
      #expect(directory.packs.count == (try POSIXFileSystem().list(directory.path).count))
      if faulty.count < failing { break }
      failing += 1
    }
    #expect(failing > 15)
  }

  @Test func anObjectOverTheLimitIsRefused() throws {
    let directory = TemporaryDirectory()
    let store = try directory.store()
    defer { withExtendedLifetime(directory) {} }
    let writer = try PackWriter(store)
    let limit = PackFormat.objectLimit
    let huge = [UInt8](repeating: 0, count: limit + 1)
    #expect(throws: ObjectsError.objectTooLarge(.pair, bytes: limit + 1, limit: limit)) {
      try writer.add(.pair, huge)
    }
  }
}
