import Records
import Testing

@testable import Objects

/// Constants that fail when anybody changes an id or the pack format by accident.
@Suite struct GoldenTests {
  /// Python: `hashlib.sha256(b"mdata pair v1\0" + bytes).hexdigest()`.
  @Test(arguments: [
    (ObjectKind.pair, "", "b54ba80d1fb192105df20f303d6f53676c69b87ffa8c26ce93ecb56243663268"),
    (
      .pair, #"{"instruction":"a","kind":"pair","output":"b","v":1}"#,
      "8dabeeda33a2b6e822a9259850c0f7672e6a9f8330ab0233ea06db64bd4d8799"
    ),
    (.batch, "x", "01cdc99c89dc6659ccbb50852257b28b74426bb067f2468b9564015369da1eb4"),
    (.dictionary, "\0", "5074fe73f32945298c2672fed3fcee5fc7618b3942f1a4c25df2ab5b885070bb"),
  ])
  func objectIDs(kind: ObjectKind, text: String, expected: String) {
    #expect(ObjectID.hash(kind, Array(text.utf8)).hex == expected)
  }

  /// Objects too short to compress, so that the pack does not depend on the version of libzstd.
  @Test(arguments: [
    (8, "c97be4c1236e44c5a8b2a2810f4031665d48e265ec5aeeb722be27c6b5864bf3"),
    (10, "77505c811f860e6c7a289fd9cbbd39a28144a365a446db109866f6bfe8120845"),
  ])
  func aPackOfWholeObjects(kinds: Int, digest: String) throws {
    let directory = TemporaryDirectory()
    let writer = try PackWriter(try directory.store())
    for kind in ObjectKind.allCases.prefix(kinds) { try writer.add(kind, Array(kind.rawValue.utf8)) }
    let info = try #require(try writer.finish())
    #expect(info.objects == kinds)
    #expect(info.digest.hex == digest)
  }

  /// A pack of format 1 with whole, compressed and delta entries: whatever is written later, this must be read.
  @Test func aPackOfFormatOneIsReadForEver() throws {
    let directory = TemporaryDirectory()
    let pack = try #require(Hex.decode(Self.pack))
    let digest = try #require(ObjectID(bytes: pack.suffix(32)))
    overwrite("\(directory.path)/\(digest.hex).pack", pack)
    let store = try directory.store()
    for (kind, bytes) in Self.objects { #expect(try store.read(ObjectID.hash(kind, bytes), kind) == bytes) }
    let reader = try ObjectReader(store)
    #expect(try reader.depth(of: ObjectID.hash(.node, Self.objects[3].1), .node) == 1)
    #expect(store.check().isEmpty)
  }

  private static let objects: [(ObjectKind, [UInt8])] = {
    let node = (0..<150).map { UInt8(truncatingIfNeeded: $0 * $0 * 31 + $0 >> 3) }
    return [
      (.pair, Array("short".utf8)), (.origins, Array(String(repeating: "again and again, ", count: 20).utf8)),
      (.node, node), (.node, Array(node.dropLast()) + [7]),
    ]
  }()

  private static let pack = """
    6d64617461706b01010573686f727413d4021b0000b5000058616761696e20616e64202c03003b3415a8e06d5b9004960100\
    1f7c17f0075cefc1d01da87178bd4002013eb972699e11c3b2df4af3daff6204e3005bf4cbe033c594a1ec753c418406c5c2\
    fd762d2255c776638ef79e83a608a7849ff88f6477c95825307900c5c80a8946417af1a699cb3ae7d2fb6207ea0c6b08e3fc\
    53e8bbcd1ca9747dc4490c0e4dca857eb52addcffe6b16ff268b2e102f8c2700176cffd1e02db88188cd5012114ec9827934\
    96010d017106bd82ea726fd468a40aa314f942edcf6c8e27911ce8f89d71ca513362cf80000045000008070100920c658071\
    06bd82ea726fd47c034c50ad21a8a0bb4dfecf0fa67829d3c435df2f137a9c00002e0000080000c700000f00000000000000\
    0400000000000000f90000000000000000000000000000000000000000000000000000000000000000000000000000000097\
    33f227c5942ce0504dfb62ab0dd8afcc5552db6db53a72130fff340c826bcedc3c9f934740267a80525c981243ab73027941\
    9bcb0fd9c398651d879084623e1c4b850ee23738c5
    """
}
