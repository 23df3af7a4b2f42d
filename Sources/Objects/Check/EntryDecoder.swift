import Records

/// Decodes single entries that were found without an index. One thread at a time.
final class EntryDecoder {
  private let decompressor: ZstdDecompressor
  private let hasher = SHA256()
  private let scratch = ScratchBuffer()

  init() throws(ObjectsError) { decompressor = try ZstdDecompressor() }

  /// The bytes that an entry stands for, valid until the next call, and the id they hash to.
  func decode(
    _ entry: PackEntry, _ reference: ZstdDecompressor.Reference
  ) throws(Damage) -> (id: ObjectID, bytes: UnsafeRawBufferPointer) {
    var bytes = entry.payload
    if entry.encoding != .raw {
      do throws(ZstdDecompressor.Fault) {
        bytes = try decompressor.decompress(entry.payload, reference, length: entry.rawLength, into: scratch)
      } catch {
        throw Damage(offset: entry.offset, reason: error.reason)
      }
    }
    return (ObjectID.hash(entry.kind, bytes, with: hasher), bytes)
  }
}
