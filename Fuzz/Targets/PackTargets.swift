import Objects
import Records

extension FuzzTarget {
  private static let footerBytes = 128

  private static func digest(_ bytes: ArraySlice<UInt8>) -> ObjectID {
    let hasher = SHA256()
    hasher.begin()
    bytes.withUnsafeBytes { hasher.update($0) }
    return hasher.finish()
  }

  /// A number of the footer, if the pack is long enough.
  private static func number(_ bytes: [UInt8], at offset: Int) -> Int? {
    guard offset >= 0, bytes.count >= offset + 8 else { return nil }
    return Int(exactly: bytes[offset..<offset + 8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
  }

  /// The same pack with every digest put right (docs/format.md, section Footer), so that what lies behind the
  /// digests is reached.
  private static func sealed(_ input: [UInt8]) -> [UInt8] {
    var bytes = input
    let footer = bytes.count - footerBytes
    guard footer >= 0 else { return bytes }
    if let index = number(bytes, at: footer + 8), index >= 0, index <= footer {
      bytes.replaceSubrange(footer + 56..<footer + 88, with: digest(bytes[index..<footer]).bytes)
    }
    let check = digest(bytes[footer..<footer + 88]).bytes.prefix(8)
    bytes.replaceSubrange(footer + 88..<footer + 96, with: check)
    bytes.replaceSubrange(footer + 96..<footer + 128, with: digest(bytes[..<(footer + 96)]).bytes)
    return bytes
  }

  /// Opens a store of one pack and reads everything it admits to have. Returns whether all of it was sound.
  private static func read(_ pack: [UInt8]) throws -> Bool {
    let name = Hex.encode(pack.suffix(32))
    let files = MemoryFiles(["/o/\(name).pack": pack], folders: ["/o"])
    let store = try ObjectStore(directory: "/o", fileSystem: files)
    let isSound = store.check().isEmpty
    // The first few objects that the index names, looked up as a user's prefix is.
    let footer = pack.count - footerBytes
    guard let count = number(pack, at: footer), let index = number(pack, at: footer + 8), isSound else {
      return false
    }
    for position in 0..<min(count, 3) {
      let prefix = Hex.encode(pack[(index + 8 * position)..<(index + 8 * position + 8)])
      for (id, kind) in try store.matches(hexPrefix: prefix, limit: 4) {
        let bytes = try store.read(id, kind)
        try promise(ObjectID.hash(kind, bytes) == id, "an object's bytes are not its own")
      }
    }
    return isSound
  }

  /// A pack as it is, under the name that its last bytes give it.
  static let pack = FuzzTarget("pack") { input in try read(input) }

  /// A pack whose digests are all right: the index and the entries are what the fuzzer made them.
  static let packIndex = FuzzTarget("pack-index") { input in try read(sealed(input)) }
}
