import Dispatch
import Records
import Synchronization
import Testing

@testable import Objects

@Suite struct DictionaryTests {
  private static func pairs(_ count: Int, seed: UInt64) -> (contents: [UInt8], ends: [Int]) {
    var generator = SplitMix64(seed: seed)
    var contents: [UInt8] = []
    var ends: [Int] = []
    for _ in 0..<count {
      contents += text(Int(generator.next() % 60), &generator)
      ends.append(contents.count)
    }
    return (contents, ends)
  }

  /// Writes pairs, some of them twice, encoding chunks on several threads.
  private static func write(
    _ pairs: (contents: [UInt8], ends: [Int]), threads: Int, chunk: Int, into store: ObjectStore
  ) throws -> PackInfo? {
    let writer = try PackWriter(store)
    try pairs.contents.withUnsafeBytes { _ = try writer.offerSamples($0, ends: pairs.ends) }
    let starts = Array(stride(from: 0, to: pairs.ends.count, by: chunk))
    let encoded = Mutex<[Int: EncodedObjects]>([:])
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: threads) { _ in
      while true {
        let number = next.add(1, ordering: .relaxed).oldValue
        guard number < starts.count else { return }
        let range = starts[number]..<min(starts[number] + chunk, pairs.ends.count)
        let first = range.lowerBound == 0 ? 0 : pairs.ends[range.lowerBound - 1]
        let last = pairs.ends[range.upperBound - 1]
        let part = Array(pairs.contents[first..<last])
        let result = try? part.withUnsafeBytes {
          try writer.encode(.pair, $0, ends: pairs.ends[range].map { $0 - first })
        }
        encoded.withLock { $0[number] = result }
      }
    }
    for number in starts.indices {
      let objects = try #require(encoded.withLock { $0[number] })
      try writer.append(objects)
      if number % 2 == 0 { try writer.append(objects) }
    }
    return try writer.finish()
  }

  @Test func threadsAndChunksDoNotChangeThePack() throws {
    let pairs = Self.pairs(1_500, seed: 5)
    var digests: Set<ObjectID> = []
    for (threads, chunk) in [(1, 1_500), (1, 100), (2, 100), (4, 37)] {
      let directory = TemporaryDirectory()
      let info = try #require(try Self.write(pairs, threads: threads, chunk: chunk, into: directory.store()))
      digests.insert(info.digest)
      #expect(info.objects == 1_501)
      let store = try directory.store()
      let reader = try ObjectReader(store)
      var start = 0
      for end in pairs.ends {
        let bytes = Array(pairs.contents[start..<end])
        #expect(try reader.read(ObjectID.hash(.pair, bytes), .pair) == bytes)
        start = end
      }
      #expect(store.check().isEmpty)
    }
    #expect(digests.count == 1)
  }

  @Test func theDictionaryPaysAndServesLaterPacks() throws {
    let directory = TemporaryDirectory()
    let store = try directory.store()
    let pairs = Self.pairs(1_000, seed: 6)
    let first = try #require(try Self.write(pairs, threads: 1, chunk: 500, into: store))
    #expect(first.bytes * 2 < pairs.contents.count)
    let later = Self.pairs(50, seed: 7)
    let second = try #require(try Self.write(later, threads: 1, chunk: 50, into: store))
    #expect(second.objects == 50, "no second dictionary")
    #expect(second.bytes * 2 < later.contents.count)
    #expect(try Self.write(later, threads: 2, chunk: 9, into: store) == nil)
    // Without the pack that holds the dictionary, the later pack says what it lacks.
    try POSIXFileSystem().remove("\(directory.path)/\(first.fileName)")
    let lone = try directory.store()
    let id = ObjectID.hash(.pair, Array(later.contents[..<later.ends[0]]))
    do {
      _ = try lone.read(id, .pair)
      Issue.record("an entry was read without its dictionary")
    } catch { #expect("\(error)".contains("dictionary")) }
    // Nobody is kept from writing, and adding the same pairs again mends the store.
    let mended = try #require(try Self.write(pairs, threads: 1, chunk: 500, into: lone))
    #expect(mended.objects == 1_001)
    let firstPair = Array(later.contents[..<later.ends[0]])
    #expect(try lone.read(id, .pair) == firstPair)
  }

  @Test func aLargerImportTrainsABetterDictionary() throws {
    let directory = TemporaryDirectory()
    let store = try directory.store()
    let small = try #require(try Self.write(Self.pairs(500, seed: 8), threads: 1, chunk: 500, into: store))
    #expect(small.objects == 501)
    let large = try #require(try Self.write(Self.pairs(3_000, seed: 9), threads: 1, chunk: 500, into: store))
    #expect(large.objects == 3_001)
    #expect(store.packs.newestDictionary(in: store.packs.catalog()).dictionary?.number == 2)
    let few = try #require(try Self.write(Self.pairs(100, seed: 10), threads: 1, chunk: 500, into: store))
    #expect(few.objects == 100)
  }

  @Test func samplesThatTeachNothingTrainNothing() throws {
    let directory = TemporaryDirectory()
    let store = try directory.store()
    defer { withExtendedLifetime(directory) {} }
    let equal = [UInt8](repeating: 7, count: 600)
    let writer = try PackWriter(store)
    _ = try equal.withUnsafeBytes { try writer.offerSamples($0, ends: Array(1...600)) }
    writer.discard()
  }
}
