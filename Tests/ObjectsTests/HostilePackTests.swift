import Records
import Testing

@testable import Objects

/// Packs whose digests are right and whose contents were made to hurt.
@Suite struct HostilePackTests {
  /// Writes a pack of ready-made entries under given ids, with a true footer and name.
  private func write(
    _ entries: [(id: ObjectID, entry: [UInt8])], in directory: TemporaryDirectory, sorted: Bool = true,
    dictionary: (UInt64, ObjectID) = (0, .zero), shift: Int = 0
  ) -> String {
    var pack = PackFormat.header
    var places: [(UInt64, Int)] = []
    for (id, entry) in entries {
      places.append((id.word0, pack.count + shift))
      pack += entry
    }
    if sorted { places.sort { $0.0 < $1.0 } }
    let hasher = SHA256()
    func digest(_ bytes: [UInt8]) -> ObjectID {
      hasher.begin()
      bytes.withUnsafeBytes { hasher.update($0) }
      return hasher.finish()
    }
    var index: [UInt8] = []
    for (prefix, _) in places { withUnsafeBytes(of: prefix.bigEndian) { index += $0 } }
    for (_, offset) in places {
      withUnsafeBytes(of: UInt32(truncatingIfNeeded: offset).bigEndian) { index += $0.suffix(3) }
    }
    let footer = PackFooter(
      count: places.count, indexOffset: pack.count, dictionaryNumber: dictionary.0, dictionary: dictionary.1,
      indexDigest: digest(index), packDigest: .zero)
    pack += index + footer.encodedFields(hasher)
    let name = digest(pack)
    pack += name.bytes
    let path = "\(directory.path)/\(PackFormat.fileName(name))"
    overwrite(path, pack)
    return path
  }

  private func entry(
    _ kind: ObjectKind, _ encoding: PackEncoding, raw: Int, payload: [UInt8], delta: (Int, ObjectID)? = nil
  ) -> [UInt8] {
    var bytes: [UInt8] = []
    PackEntry.appendHeader(
      to: &bytes, kind, encoding, rawLength: raw, storedLength: payload.count,
      delta: delta.map { (depth: $0.0, base: $0.1) })
    return bytes + payload
  }

  private func frame(_ bytes: [UInt8]) throws -> [UInt8] {
    var target = [UInt8](repeating: 0, count: ZstdCompressor.bound(bytes.count))
    let count = try bytes.withUnsafeBytes { source in
      try target.withUnsafeMutableBytes { try ZstdCompressor().compress(source, into: $0) }
    }
    return Array(target[..<count])
  }

  /// Reads an object that must not be readable, and returns the message.
  private func failure(_ id: ObjectID, _ kind: ObjectKind, in directory: TemporaryDirectory) throws -> String
  {
    do {
      _ = try directory.store().read(id, kind)
      Issue.record("read an object that cannot be there")
      return ""
    } catch { return "\(error)" }
  }

  @Test func sizesThatLie() throws {
    let bytes = [UInt8](repeating: 65, count: 1_000)
    let id = ObjectID.hash(.pair, bytes)
    let frame = try frame(bytes)
    for raw in [0, 1, 999, 1_001, 64 << 20] {
      let directory = TemporaryDirectory()
      _ = write([(id, entry(.pair, .zstd, raw: raw, payload: frame))], in: directory)
      #expect(try failure(id, .pair, in: directory).contains("is damaged"))
    }
    let directory = TemporaryDirectory()
    _ = write([(id, entry(.pair, .zstd, raw: (64 << 20) + 1, payload: frame))], in: directory)
    #expect(try failure(id, .pair, in: directory).contains("over the limit"))
  }

  @Test func aBombOfADelta() throws {
    let id = ObjectID.hash(.node, [])
    let directory = TemporaryDirectory()
    let bomb = try frame([UInt8](repeating: 0, count: 2 << 20))
    _ = write([(id, entry(.node, .delta, raw: 2 << 20, payload: bomb, delta: (1, id)))], in: directory)
    #expect(try failure(id, .node, in: directory).contains("over the limit"))
  }

  @Test func deltasInACircle() throws {
    let (a, b) = (ObjectID.hash(.node, [1]), ObjectID.hash(.node, [2]))
    let payload = try frame([1, 2, 3, 4])
    for (first, second) in [(1, 1), (2, 1), (8, 7), (8, 8)] {
      let directory = TemporaryDirectory()
      _ = write(
        [
          (a, entry(.node, .delta, raw: 4, payload: payload, delta: (first, b))),
          (b, entry(.node, .delta, raw: 4, payload: payload, delta: (second, a))),
        ], in: directory)
      #expect(try failure(a, .node, in: directory).contains("base"))
    }
    let directory = TemporaryDirectory()
    for depth in [0, 9] {
      _ = write([(a, entry(.node, .delta, raw: 4, payload: payload, delta: (depth, b)))], in: directory)
      #expect(try failure(a, .node, in: directory).contains("chain"))
    }
  }

  @Test func manyEqualPrefixesEndTheSearch() throws {
    // Two nodes that name each other at every depth, thousands of times over.
    let (a, b) = (ObjectID.hash(.node, [1]), ObjectID.hash(.node, [2]))
    let payload = try frame([1, 2, 3, 4])
    var entries: [(id: ObjectID, entry: [UInt8])] = []
    for number in 0..<4_000 {
      let (id, base) = number % 2 == 0 ? (a, b) : (b, a)
      entries.append((id, entry(.node, .delta, raw: 4, payload: payload, delta: (number / 2 % 8 + 1, base))))
    }
    let directory = TemporaryDirectory()
    _ = write(entries, in: directory)
    #expect(try failure(a, .node, in: directory).contains("is damaged"))
  }

  @Test func framesOfOtherFormats() throws {
    let id = ObjectID.hash(.pair, [])
    let skippable: [UInt8] = [0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9]
    let legacy: [UInt8] = [0x27, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0, 0]
    let ordinary: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x31]
    for payload in [skippable, legacy, ordinary, [], [0], [0x20]] {
      let directory = TemporaryDirectory()
      _ = write([(id, entry(.pair, .zstd, raw: 0, payload: payload))], in: directory)
      #expect(try failure(id, .pair, in: directory).contains("is damaged"))
    }
  }

  @Test func dictionariesThatAreNotThere() throws {
    let id = ObjectID.hash(.pair, [1])
    let payload = try frame([1])
    let directory = TemporaryDirectory()
    _ = write([(id, entry(.pair, .dictionary, raw: 1, payload: payload))], in: directory)
    #expect(try failure(id, .pair, in: directory).contains("names no dictionary"))
    // A dictionary that is to be read with itself.
    let own = ObjectID.hash(.dictionary, [1])
    let other = TemporaryDirectory()
    _ = write(
      [(own, entry(.dictionary, .dictionary, raw: 1, payload: payload))], in: other, dictionary: (1, own))
    #expect(try failure(own, .dictionary, in: other).contains("a dictionary needs one"))
  }

  @Test func aDictionaryNumberThatLeavesNoRoom() throws {
    // A number so high that none comes after it, with nothing behind it, keeps nobody from writing.
    let directory = TemporaryDirectory()
    _ = write([], in: directory, dictionary: (.max, ObjectID.hash(.dictionary, [1])))
    let writer = try PackWriter(directory.store())
    var generator = SplitMix64(seed: 5)
    var samples: [UInt8] = []
    var ends: [Int] = []
    for _ in 0..<600 {
      samples += text(30, &generator)
      ends.append(samples.count)
    }
    #expect(try samples.withUnsafeBytes { try writer.offerSamples($0, ends: ends) } == false)
    let id = try writer.add(.pair, [7])
    _ = try writer.finish()
    #expect(try directory.store().read(id, .pair) == [7])
  }

  @Test func indexesThatPointAnywhere() throws {
    let bytes: [UInt8] = [1, 2, 3]
    let id = ObjectID.hash(.pair, bytes)
    for shift in [-8, -1, 1, 3, 5, 1_000, 0xff_ff00] {
      let directory = TemporaryDirectory()
      _ = write([(id, entry(.pair, .raw, raw: 3, payload: bytes))], in: directory, shift: shift)
      _ = try failure(id, .pair, in: directory)
    }
    // In the wrong order an object may be missed, and the check says why.
    let directory = TemporaryDirectory()
    let objects = (0..<50).map { [UInt8($0)] }
    _ = write(
      objects.map { (ObjectID.hash(.pair, $0), entry(.pair, .raw, raw: 1, payload: $0)) }, in: directory,
      sorted: false)
    let store = try directory.store()
    for object in objects {
      if let found = try? store.read(ObjectID.hash(.pair, object), .pair) { #expect(found == object) }
    }
    #expect(store.check().contains { "\($0)".contains("not in order") })
  }

  @Test func oneKindIsNeverTakenForAnother() throws {
    let bytes: [UInt8] = [1, 2, 3]
    let directory = TemporaryDirectory()
    let store = try directory.store()
    let writer = try PackWriter(store)
    let id = try writer.add(.pair, bytes)
    _ = try writer.finish()
    #expect(throws: ObjectsError.missing(id, .batch)) { try store.read(id, .batch) }
  }

  @Test func randomBytesAsPacks() throws {
    var generator = SplitMix64(seed: 31)
    let directory = TemporaryDirectory()
    let id = ObjectID.hash(.pair, [])
    for round in 0..<200 {
      let path = "\(directory.path)/\(PackFormat.fileName(ObjectID.hash(.run, [UInt8(round)])))"
      overwrite(path, (round % 2 == 0 ? PackFormat.header : []) + bytes(round * 3, &generator))
      #expect(throws: ObjectsError.self) { try directory.store().read(id, .pair) }
    }
  }
}
