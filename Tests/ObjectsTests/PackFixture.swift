import Records
import Testing

@testable import Objects

/// A pack with entries of every encoding, and what it holds: about a kilobyte without samples.
struct PackFixture {
  let pack: [UInt8]
  let name: String
  let objects: [(id: ObjectID, kind: ObjectKind, bytes: [UInt8])]

  /// - Parameters:
  ///   - samples: pairs that are offered for a dictionary; there is one from some hundreds on.
  ///   - hasEmptyObject: adds a pair without bytes, which without the index of the pack is not taken for one.
  init(samples: Int = 0, hasEmptyObject: Bool = false, seed: UInt64) throws {
    let directory = TemporaryDirectory()
    var generator = SplitMix64(seed: seed)
    let writer = try PackWriter(try directory.store())
    var objects: [(id: ObjectID, kind: ObjectKind, bytes: [UInt8])] = []
    if samples > 0 {
      let texts = (0..<samples).map { _ in text(30, &generator) }
      var ends: [Int] = []
      for text in texts { ends.append((ends.last ?? 0) + text.count) }
      try texts.flatMap { $0 }.withUnsafeBytesThrowing { (bytes) throws(ObjectsError) in
        _ = try writer.offerSamples(bytes, ends: ends)
        _ = try writer.append(writer.encode(.pair, bytes, ends: ends))
      }
      for text in texts { objects.append((ObjectID.hash(.pair, text), .pair, text)) }
    }
    func add(_ kind: ObjectKind, _ bytes: [UInt8], _ base: ObjectID? = nil) throws -> ObjectID {
      let id = try writer.add(kind, bytes, deltaBase: base)
      objects.append((id, kind, bytes))
      return id
    }
    for _ in 0..<3 { _ = try add(.pair, text(20, &generator)) }
    if hasEmptyObject { _ = try add(.pair, []) }
    _ = try add(.origins, text(25, &generator))
    var node = bytes(120, &generator)
    var base = try add(.node, node)
    for _ in 0..<3 {
      node[Int(generator.next() % 120)] ^= 0x5a
      base = try add(.node, node, base)
    }
    _ = try writer.finish()
    let path = try #require(directory.packs.first)
    pack = try contents(path)
    name = String(try #require(path.split(separator: "/").last))
    self.objects = objects
  }
}
