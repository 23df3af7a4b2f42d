import Records

/// One entry of a pack, as its header describes it: nothing in it is verified beyond its own bounds.
struct PackEntry {
  let kind: ObjectKind
  let encoding: PackEncoding
  /// Length of the object, in bytes.
  let rawLength: Int
  /// For a delta: how many deltas end in a whole object, from 1.
  let depth: Int
  /// For a delta: the object its payload refers to.
  let base: ObjectID
  /// The stored bytes.
  let payload: UnsafeRawBufferPointer
  /// Where the entry begins, and where the next one does.
  let offset: Int
  let end: Int

  /// Reads the entry at an offset of bytes whose entries end at `end`.
  init(_ file: UnsafeRawBufferPointer, at offset: Int, end: Int) throws(Damage) {
    var reader = ByteReader(file, from: offset, to: end)
    let tag = try reader.byte()
    guard let kind = ObjectKind(code: tag & 15), let encoding = PackEncoding(rawValue: tag >> 4) else {
      throw Damage(offset: offset, reason: "an unknown kind or encoding")
    }
    self.kind = kind
    self.encoding = encoding
    self.offset = offset
    rawLength = try reader.number(limit: encoding == .delta ? PackFormat.deltaLimit : PackFormat.objectLimit)
    let storedLength = encoding == .raw ? rawLength : try reader.number(limit: PackFormat.objectLimit)
    if encoding == .delta {
      depth = Int(try reader.byte())
      guard depth >= 1, depth <= PackFormat.depthLimit else {
        throw Damage(offset: offset, reason: "a delta chain over the limit")
      }
      base = ObjectID(loading: try reader.take(ObjectID.byteCount))
    } else {
      depth = 0
      base = .zero
    }
    payload = try reader.take(storedLength)
    self.end = reader.offset
  }

  /// The most bytes before a payload.
  static let longestHeader = 1 + 4 + 4 + 1 + ObjectID.byteCount

  /// Kind and whole length of the entry that begins `bytes`, of which the payload may be cut off; nil for none.
  static func kindAndLength(_ bytes: UnsafeRawBufferPointer) -> (kind: ObjectKind, length: Int)? {
    var reader = ByteReader(bytes, from: 0, to: bytes.count)
    guard let tag = try? reader.byte(), let kind = ObjectKind(code: tag & 15),
      let encoding = PackEncoding(rawValue: tag >> 4),
      let rawLength = try? reader.number(limit: PackFormat.objectLimit),
      let storedLength = encoding == .raw ? rawLength : try? reader.number(limit: PackFormat.objectLimit)
    else { return nil }
    return (kind, reader.offset + (encoding == .delta ? 1 + ObjectID.byteCount : 0) + storedLength)
  }

  /// Appends an entry's header; the payload follows it.
  static func appendHeader(
    to bytes: inout [UInt8], _ kind: ObjectKind, _ encoding: PackEncoding, rawLength: Int, storedLength: Int,
    delta: (depth: Int, base: ObjectID)? = nil
  ) {
    bytes.append(kind.code | encoding.rawValue << 4)
    bytes.append(number: rawLength)
    if encoding != .raw { bytes.append(number: storedLength) }
    if let delta {
      bytes.append(UInt8(delta.depth))
      bytes += delta.base.bytes
    }
  }
}
