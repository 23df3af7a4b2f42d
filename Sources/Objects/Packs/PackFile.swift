import Records

/// An open pack: its mapped bytes, its footer, and look-ups in its index.
///
/// Opening reads 136 bytes. The index is trusted to say where to look and nothing else: what is found is hashed,
/// and what is not found is believed only after ``checkIndex(_:)``.
final class PackFile: Sendable {
  let path: String
  let footer: PackFooter
  private let file: MappedFile

  /// All bytes of the pack. Valid while this object lives.
  var bytes: UnsafeRawBufferPointer { file.bytes }

  init(path: String, digest: ObjectID, fileSystem: any FileSystem, hasher: SHA256) throws(ObjectsError) {
    let open = try fileSystem.open(path, .read)
    defer { fileSystem.close(open) }
    let status = try fileSystem.status(open)
    guard status.kind == .regular, status.length >= PackFormat.header.count + PackFooter.byteCount else {
      throw .damagedPack(
        path: path, offset: status.length, reason: status.length == 0 ? "it is empty" : "it is cut off")
    }
    file = try fileSystem.map(open, length: status.length)
    self.path = path
    let bytes = file.bytes
    guard bytes.starts(with: PackFormat.magic) else {
      throw .damagedPack(path: path, offset: 0, reason: "it does not begin as a pack does")
    }
    guard bytes[PackFormat.magic.count] == PackFormat.version else {
      throw .unsupportedPack(path: path, version: bytes[PackFormat.magic.count])
    }
    do {
      footer = try PackFooter(of: bytes, hasher)
    } catch {
      throw .damagedPack(path: path, offset: error.offset, reason: error.reason)
    }
    guard footer.packDigest == digest else {
      throw .damagedPack(
        path: path, offset: bytes.count - PackFormat.digestBytes, reason: "its name is not its digest's")
    }
  }

  /// What a user is told of it.
  var info: PackInfo {
    PackInfo(
      digest: footer.packDigest, fileName: PackFormat.fileName(footer.packDigest), objects: count,
      bytes: bytes.count)
  }

  /// Gives back the memory that its bytes take; see ``MappedFile/forget()``.
  func forget() { file.forget() }

  /// How many objects the pack holds.
  var count: Int { footer.count }

  /// The id prefix at an index position.
  func prefix(_ position: Int) -> UInt64 {
    UInt64(
      bigEndian: file.bytes.loadUnaligned(
        fromByteOffset: footer.indexOffset + position * PackFormat.prefixBytes, as: UInt64.self))
  }

  /// The entry at an index position.
  func entry(_ position: Int) throws(Damage) -> PackEntry {
    let width = PackFormat.offsetBytes(footer.indexOffset)
    let place = footer.indexOffset + count * PackFormat.prefixBytes + position * width
    let bytes = file.bytes
    // The footer follows the index, so eight bytes can be loaded at its last offset too.
    let word = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
    let offset = Int(word >> UInt64(64 - 8 * width))
    guard offset >= PackFormat.header.count else {
      throw Damage(offset: place, reason: "the index points outside the entries")
    }
    return try PackEntry(bytes, at: offset, end: footer.indexOffset)
  }

  /// The first index position whose prefix is not below `key`, or `count`.
  func firstPosition(_ key: UInt64) -> Int { lowerBound(of: key, count: count) { prefix($0) } }

  /// Throws unless the index is the one that was written.
  func checkIndex(_ hasher: SHA256) throws(ObjectsError) {
    let end = file.bytes.count - PackFooter.byteCount
    hasher.begin()
    hasher.update(UnsafeRawBufferPointer(rebasing: file.bytes[footer.indexOffset..<end]))
    guard hasher.finish() == footer.indexDigest else {
      throw .damagedPack(
        path: path, offset: footer.indexOffset, reason: "the index does not match its digest")
    }
  }

  /// Throws unless every byte of the pack is the one that was written.
  func checkAll(_ hasher: SHA256) throws(ObjectsError) {
    let end = file.bytes.count - PackFormat.digestBytes
    hasher.begin()
    hasher.update(UnsafeRawBufferPointer(rebasing: file.bytes[..<end]))
    guard hasher.finish() == footer.packDigest else {
      throw .damagedPack(path: path, offset: 0, reason: "the contents do not match the digest that names it")
    }
  }
}
