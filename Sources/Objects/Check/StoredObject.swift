import Records

/// An intact object and where it lies: 48 bytes, because there is one for every object of a repository.
struct StoredObject {
  let id: ObjectID
  /// From the high end: 40 bits of offset, 4 of kind, 4 of depth.
  private let place: UInt64
  let length: UInt32
  let pack: UInt32

  init(_ id: ObjectID, _ kind: ObjectKind, depth: Int, offset: Int, length: Int, pack: Int) {
    self.id = id
    place = UInt64(offset) << 8 | UInt64(kind.code) << 4 | UInt64(depth & 15)
    self.length = UInt32(clamping: length)
    self.pack = UInt32(clamping: pack)
  }

  var offset: Int { Int(place >> 8) }
  var kindCode: UInt8 { UInt8(truncatingIfNeeded: place >> 4) & 15 }
  /// How many deltas must be undone to read it.
  var depth: Int { Int(place & 15) }
}
