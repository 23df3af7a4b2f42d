import Faults
import Glibc
import Records
import Testing

@testable import Objects

/// What a repack keeps, drops, and leaves behind when it is stopped.
@Suite struct RepackTests {
  private let directory = TemporaryDirectory()

  /// Writes objects into a pack of their own and returns their ids.
  @discardableResult
  private func pack(_ objects: [[UInt8]], _ kind: ObjectKind = .pair) throws -> [ObjectID] {
    let writer = try PackWriter(try directory.store())
    let ids = try objects.map { try writer.add(kind, $0) }
    _ = try writer.finish()
    return ids
  }

  private func texts(_ count: Int, _ generator: inout SplitMix64) -> [[UInt8]] {
    (0..<count).map { _ in text(30, &generator) }
  }

  /// Repacks what `live` leads to; nothing is young unless a cutoff says so.
  @discardableResult
  private func repack(
    _ live: [ObjectID], aggressive: Bool = false, cutoff: Int = .max, threads: Int = 2,
    fileSystem: any FileSystem = POSIXFileSystem()
  ) throws -> RepackPlan {
    let marks = try ObjectMarks(try ObjectStore(directory: directory.path, fileSystem: fileSystem))
    for id in live { #expect(marks.mark(candidates: id)) }
    let plan = try RepackPlan(marks, aggressive: aggressive, cutoff: cutoff)
    if plan.isEmpty { return plan }
    let repack = Repack(plan, marks, threads: threads)
    _ = try repack.write()
    _ = try repack.removeOld(waiting: 0)
    return plan
  }

  @Test(arguments: [
    ([], 0), ([5], 0), ([1, 2], 0), ([1, 1], 2), ([1, 2, 4, 8], 0), ([1, 1, 4, 8], 2), ([3, 4, 20, 41], 2),
    ([3, 4, 13, 41], 3), ([3, 4, 13, 39], 4), ([10, 10, 10], 3), ([1, 1, 100], 2),
  ])
  func packsAreMergedWhileTheyAreAlike(counts: [Int], merged: Int) {
    #expect(RepackPlan.split(counts) == merged)
  }

  @Test func theNumberOfPacksGrowsWithTheLogarithm() throws {
    var generator = SplitMix64(seed: 1)
    var live: [ObjectID] = []
    for round in 1...60 {
      live += try pack(texts(10, &generator))
      if round % 5 == 0 { try repack(live) }
    }
    #expect(directory.packs.count <= 7)
    let store = try directory.store()
    for id in live { #expect(store.contains(id, .pair)) }
    #expect(store.check().isEmpty)
    #expect(try repack(live).isEmpty)
  }

  @Test(arguments: [false, true]) func whatIsDroppedIsGone(aggressive: Bool) throws {
    var generator = SplitMix64(seed: 2)
    let kept = try pack(texts(30, &generator))
    let secret = Array("{\"instruction\":\"Qqzx\",\"kind\":\"pair\",\"output\":\"Wvvy\",\"v\":1}".utf8)
    let mixed = texts(20, &generator)
    let ids = try pack(mixed + [secret] + texts(20, &generator))
    #expect(try isThere("Wvvy"))
    let plan = try repack(kept + ids.prefix(20), aggressive: aggressive)
    #expect(plan.dropped == 21)
    let store = try directory.store()
    for id in kept + ids.prefix(20) { #expect(store.contains(id, .pair)) }
    for id in ids.dropFirst(20) { #expect(!store.contains(id, .pair)) }
    #expect(store.check().isEmpty)
    #expect(try !isThere("Wvvy"))
  }

  /// Whether a short text, which zstd leaves as it is, stands in a pack.
  private func isThere(_ text: String) throws -> Bool {
    try directory.packs.contains { path in
      let bytes = try contents(path)
      return bytes.indices.contains { bytes[$0...].starts(with: text.utf8) }
    }
  }

  /// What is young and unreferenced leaves the pack it came in, and goes once it is old.
  @Test func whatIsYoungStays() throws {
    var generator = SplitMix64(seed: 3)
    let first = try pack(texts(10, &generator))
    let second = try pack(texts(10, &generator))
    let live = Array(first + second.prefix(8))
    #expect(try repack(live, cutoff: 0).dropped == 0)
    let store = try directory.store()
    for id in first + second { #expect(store.contains(id, .pair)) }
    #expect(directory.packs.count == 2)
    #expect(try repack(live, cutoff: 0).isEmpty)
    #expect(try repack(live).dropped == 2)
    #expect(directory.packs.count == 1)
  }

  /// A base that nothing refers to any more stays while a difference needs it, and goes when none does.
  @Test func differencesKeepTheirBases() throws {
    var generator = SplitMix64(seed: 4)
    var node = bytes(3_000, &generator)
    var ids = [try pack([node], .node)[0]]
    for step in 1...6 {
      node[step * 40] ^= 0xff
      let writer = try PackWriter(try directory.store())
      ids.append(try writer.add(.node, node, deltaBase: ids.last))
      _ = try writer.finish()
    }
    let last = try #require(ids.last)
    #expect(try repack([last]).dropped == 0)
    #expect(directory.packs.count == 1)
    var store = try directory.store()
    #expect(try store.read(last, .node) == node)
    #expect(store.check().isEmpty)
    #expect(try repack([last], aggressive: true).dropped == 6)
    store = try directory.store()
    #expect(try store.read(last, .node) == node)
    #expect(!store.contains(ids[0], .node))
    #expect(store.check().isEmpty)
  }

  /// Of two copies the one stays that needs fewer others: the pack of the differences goes, whatever its name.
  @Test func copiesOfOneObjectDoNotTakeEachOthersBase() throws {
    var generator = SplitMix64(seed: 5)
    for _ in 0..<8 {
      let place = TemporaryDirectory()
      let one = bytes(2_000, &generator)
      var two = one
      two[7] ^= 1
      // In one pack the first stands whole and the second on it; in the other it is the other way round.
      for (base, top) in [(one, two), (two, one)] {
        let other = TemporaryDirectory()
        let writer = try PackWriter(try other.store())
        let id = try writer.add(.node, base)
        try writer.add(.node, top, deltaBase: id)
        _ = try writer.finish()
        let name = try #require(other.packs.first)
        try POSIXFileSystem().replaceAtomically(
          place.path + "/" + (name.split(separator: "/").last ?? ""), with: contents(name))
      }
      let marks = try ObjectMarks(try place.store())
      let ids = [ObjectID.hash(.node, one), ObjectID.hash(.node, two)]
      for id in ids { marks.mark(candidates: id) }
      let plan = try RepackPlan(marks, aggressive: false, cutoff: .max)
      let repack = Repack(plan, marks, threads: 1)
      _ = try repack.write()
      _ = try repack.removeOld(waiting: 0)
      #expect(place.packs.count == 1)
      let store = try place.store()
      #expect(try store.read(ids[0], .node) == one && store.read(ids[1], .node) == two)
      #expect(store.check().isEmpty)
    }
  }

  @Test func anAggressiveRepackIsSmallerAndTheSameOnAnyThreads() throws {
    var generator = SplitMix64(seed: 6)
    let objects = (0..<1_500).map { _ in text(60, &generator) }
    let samples = Array(objects.joined())
    var ends: [Int] = []
    for object in objects { ends.append((ends.last ?? 0) + object.count) }
    let ids = try {
      let writer = try PackWriter(try directory.store())
      #expect(try samples.withUnsafeBytes { try writer.offerSamples($0, ends: ends) })
      defer { #expect(throws: Never.self) { try writer.finish() } }
      return try objects.map { try writer.add(.pair, $0) }
    }()
    let old = directory.packs
    let before = try contents(old[0])
    var names: Set<[String]> = []
    for threads in [1, 3] {
      for path in directory.packs { try POSIXFileSystem().remove(path) }
      try POSIXFileSystem().replaceAtomically(old[0], with: before)
      try repack(ids, aggressive: true, threads: threads)
      names.insert(directory.packs)
    }
    #expect(names.count == 1 && directory.packs.count == 1)
    #expect(try contents(directory.packs[0]).count < before.count)
    let store = try directory.store()
    for (id, object) in zip(ids, objects) { #expect(try store.read(id, .pair) == object) }
    #expect(store.check().isEmpty)
    // Later packs use the dictionary, and a second time changes nothing.
    try repack(ids, aggressive: true)
    #expect(try pack([text(60, &generator)]).count == 1 && directory.packs.count == 2)
    #expect(try directory.store().check().isEmpty)
  }

  @Test func writersKeepWhatTheyCountOn() throws {
    var generator = SplitMix64(seed: 7)
    let kept = try pack(texts(3, &generator))
    let dead = texts(5, &generator)
    let deadIDs = try pack(dead)
    do {
      let writer = try PackWriter(try directory.store())
      #expect(try dead.map { try writer.add(.pair, $0) } == deadIDs)
      #expect(try repack(kept).going.contains { $0.dropped == 5 })
      let store = try directory.store()
      for id in deadIDs { #expect(store.contains(id, .pair)) }
      #expect(try writer.finish() == nil)
    }
    try repack(kept)
    #expect(try !directory.store().contains(deadIDs[0], .pair))
  }

  /// What became reached between the plan and the removal keeps its pack.
  @Test func whatIsReachedLaterStays() throws {
    var generator = SplitMix64(seed: 8)
    let kept = try pack(texts(3, &generator))
    let dead = try pack(texts(5, &generator))
    let marks = try ObjectMarks(try directory.store())
    for id in kept { marks.mark(candidates: id) }
    let plan = try RepackPlan(marks, aggressive: true, cutoff: .max)
    let repack = Repack(plan, marks, threads: 1)
    _ = try repack.write()
    try marks.follow()
    try marks.mark(dead[2], .pair)
    _ = try repack.removeOld(waiting: 0)
    let store = try directory.store()
    for id in kept + [dead[2]] { #expect(store.contains(id, .pair)) }
    #expect(store.check().isEmpty)
  }

  /// Damage is not carried on: an object that cannot be proven stops the repack, and nothing goes.
  @Test func damageStopsARepack() throws {
    var generator = SplitMix64(seed: 9)
    let live = try pack(texts(5, &generator)) + pack(texts(5, &generator))
    let path = directory.packs[0]
    var bytes = try contents(path)
    bytes[60] ^= 1
    overwrite(path, bytes)
    let names = directory.packs
    #expect(throws: ObjectsError.self) { try repack(live) }
    #expect(directory.packs == names)
    overwrite(path, [])
    #expect(throws: ObjectsError.self) { try repack(live) }
    #expect(directory.packs == names)
  }

  /// Fails each call of a repack in turn: every object that is needed is there, and a second repack finishes.
  @Test(arguments: [false, true]) func aRepackThatIsStoppedLosesNothing(staysBroken: Bool) throws {
    var generator = SplitMix64(seed: 10)
    let packs = (0..<3).map { _ in texts(4, &generator) }
    var failing = 1
    while true {
      for path in directory.packs { try POSIXFileSystem().remove(path) }
      let live = try packs.dropLast().flatMap { try pack($0) } + pack(packs[2]).prefix(2)
      let faulty = FaultyFileSystem(failing: failing, code: EIO, staysBroken: staysBroken)
      let failure = Result { try repack(live, fileSystem: faulty) }
      let store = try directory.store()
      for id in live { #expect(store.contains(id, .pair)) }
      #expect(store.check().isEmpty)
      try POSIXFileSystem().removeLeftovers(in: directory.path)
      try repack(live, aggressive: true)
      #expect(directory.packs.count == 1)
      let after = try directory.store()
      for id in live { #expect(after.contains(id, .pair)) }
      if faulty.count < failing {
        #expect(throws: Never.self) { try failure.get() }
        break
      }
      failing += 1
    }
    #expect(failing > 25)
  }
}
