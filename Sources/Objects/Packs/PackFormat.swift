import Records

/// The constants of a pack file; docs/format.md, section Packs, describes every byte.
enum PackFormat {
  static let version: UInt8 = 1
  /// The first bytes of a pack; the version follows.
  static let magic: [UInt8] = Array("mdatapk".utf8)
  static let header: [UInt8] = magic + [version]

  static let prefixBytes = 8
  /// Bytes that address an entry of a pack whose index begins at `indexOffset`: 3 up to 16 MiB, 4 up to 4 GiB, 5.
  static func offsetBytes(_ indexOffset: Int) -> Int {
    indexOffset <= 1 << 24 ? 3 : indexOffset <= 1 << 32 ? 4 : 5
  }
  static let digestBytes = 32

  /// Largest object, in bytes.
  static let objectLimit = 64 << 20
  /// Largest object that is stored as a delta or serves as a base, in bytes.
  static let deltaLimit = 1 << 20
  /// Longest chain of deltas.
  static let depthLimit = 8
  /// Largest pack, in bytes: what five bytes can address.
  static let packLimit = 1 << 40

  static let level: Int32 = 3
  /// How hard `gc --aggressive` tries.
  static let aggressiveLevel: Int32 = 19
  static let fileExtension = ".pack"

  /// A pack's file name.
  static func fileName(_ digest: ObjectID) -> String { digest.hex + fileExtension }

  /// The digest in a pack's file name, or nil for another file.
  static func digest(fileName: String) -> ObjectID? {
    guard fileName.utf8.count == 64 + fileExtension.utf8.count, fileName.hasSuffix(fileExtension) else {
      return nil
    }
    var name = fileName
    return name.withUTF8 { ObjectID(lowercaseHex: UnsafeBufferPointer(rebasing: $0.prefix(64))) }
  }
}

/// How an entry's payload is encoded.
enum PackEncoding: UInt8 {
  /// The object's bytes.
  case raw = 0
  /// A magicless zstd frame.
  case zstd = 1
  /// A magicless zstd frame made with the pack's dictionary.
  case dictionary = 2
  /// A magicless zstd frame whose prefix is another object's bytes.
  case delta = 3
}

/// The last 128 bytes of a pack.
struct PackFooter: Equatable {
  static let byteCount = 128
  private static let checkOffset = 88

  var count: Int
  var indexOffset: Int
  /// 0 without a dictionary; dictionaries are numbered from 1, and the highest number in a store is current.
  var dictionaryNumber: UInt64
  var dictionary: ObjectID
  var indexDigest: ObjectID
  var packDigest: ObjectID

  /// The 96 bytes before the pack's digest.
  func encodedFields(_ hasher: SHA256) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    for number in [UInt64(count), UInt64(indexOffset), dictionaryNumber] {
      withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
    bytes += dictionary.bytes
    bytes += indexDigest.bytes
    bytes += bytes.withUnsafeBytes { Self.check($0, hasher) }.bytes.prefix(8)
    return bytes
  }

  /// Reads the footer of a whole pack file, and holds its numbers to the file's length.
  init(of file: UnsafeRawBufferPointer, _ hasher: SHA256) throws(Damage) {
    let start = file.count - Self.byteCount
    guard start >= PackFormat.header.count else { throw Damage(offset: file.count, reason: "cut off") }
    let bytes = UnsafeRawBufferPointer(rebasing: file[start...])
    let check = Self.check(UnsafeRawBufferPointer(rebasing: bytes[..<Self.checkOffset]), hasher)
    guard check.word0 == Self.number(bytes, at: Self.checkOffset) else {
      throw Damage(offset: start, reason: "the footer does not match its check")
    }
    guard let count = Int(exactly: Self.number(bytes, at: 0)),
      let indexOffset = Int(exactly: Self.number(bytes, at: 8)),
      case let (indexLength, overflow) = count.multipliedReportingOverflow(
        by: PackFormat.prefixBytes + PackFormat.offsetBytes(indexOffset)),
      !overflow,
      indexOffset >= PackFormat.header.count, indexOffset <= start, start - indexOffset == indexLength
    else { throw Damage(offset: start, reason: "the footer's lengths are not the file's") }
    self.count = count
    self.indexOffset = indexOffset
    dictionaryNumber = Self.number(bytes, at: 16)
    dictionary = ObjectID(loading: bytes, at: 24)
    indexDigest = ObjectID(loading: bytes, at: 56)
    packDigest = ObjectID(loading: bytes, at: 96)
  }

  init(
    count: Int, indexOffset: Int, dictionaryNumber: UInt64, dictionary: ObjectID, indexDigest: ObjectID,
    packDigest: ObjectID
  ) {
    self.count = count
    self.indexOffset = indexOffset
    self.dictionaryNumber = dictionaryNumber
    self.dictionary = dictionary
    self.indexDigest = indexDigest
    self.packDigest = packDigest
  }

  private static func check(_ bytes: UnsafeRawBufferPointer, _ hasher: SHA256) -> ObjectID {
    hasher.begin()
    hasher.update(bytes)
    return hasher.finish()
  }

  private static func number(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
    UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }
}

extension ObjectID {
  /// 32 zero bytes: no object's id.
  static let zero: ObjectID = withUnsafeBytes(of: (UInt64(0), UInt64(0), UInt64(0), UInt64(0))) {
    ObjectID(loading: $0)
  }
}
