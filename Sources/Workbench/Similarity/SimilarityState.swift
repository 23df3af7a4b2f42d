import History
import Objects
import Records

/// What the files of a similarity index say together: of which version, in which segments, and which of their items the
/// version no longer has.
struct SimilarityState: Equatable {
  /// The version whose records are the items that are not ``dead``.
  var commit: CommitID
  var snapshot: ObjectID
  /// Names of files, in the order of their items.
  var segments: [String] = []
  /// For each item whether the version is without it.
  var dead: [Bool] = []

  /// The form of the file: a line with the SHA-256 of what follows, then a JSON object.
  static let version = 1
  /// More than a state of 2³⁰ items needs.
  static let limit = 1 << 29

  var bytes: [UInt8] {
    let json = CanonicalJSON.encode(
      .object([
        JSONMember("version", .integer(Self.version)), JSONMember("commit", .string(commit.hex)),
        JSONMember("snapshot", .string(snapshot.hex)),
        JSONMember("segments", .array(segments.map { .string($0) })),
        JSONMember("items", .integer(dead.count)), JSONMember("dead", .string(Hex.encode(bits))),
      ]))
    return Array(SHA256.digest(of: json).hex.utf8) + [0x0A] + json
  }

  /// Nil for bytes that are not a state, or not whole.
  init?(_ bytes: [UInt8]) {
    guard bytes.count > 65, bytes[64] == 0x0A else { return nil }
    let json = Array(bytes[65...])
    guard bytes[..<64].elementsEqual(SHA256.digest(of: json).hex.utf8), let value = try? JSON.parse(json),
      value["version"]?.int == Self.version,
      let commit = value["commit"]?.string.flatMap({ CommitID(hex: $0) }),
      let snapshot = value["snapshot"]?.string.flatMap({ ObjectID(hex: $0) }),
      let segments = value["segments"]?.array?.compactMap(\.string),
      let items = value["items"]?.int, let bits = value["dead"]?.string.flatMap({ Hex.decode($0) }),
      items >= 0, bits.count == (items + 7) / 8
    else { return nil }
    self.commit = commit
    self.snapshot = snapshot
    self.segments = segments
    dead = (0..<items).map { bits[$0 / 8] >> ($0 % 8) & 1 == 1 }
  }

  /// A state without items.
  init(_ commit: Commit) {
    self.commit = commit.id
    snapshot = commit.dataset.snapshot
  }

  private var bits: [UInt8] {
    var bits = [UInt8](repeating: 0, count: (dead.count + 7) / 8)
    for (item, isDead) in dead.enumerated() where isDead { bits[item / 8] |= 1 << (item % 8) }
    return bits
  }
}
