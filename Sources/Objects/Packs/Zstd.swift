import CZstd

/// A reusable zstd compressor that writes magicless frames without length, checksum or dictionary id (RFC 8878
/// section 3.1.1 less the magic number): the entry holds the length and the object id is the checksum.
/// One thread at a time.
final class ZstdCompressor {
  private let context: OpaquePointer
  private let dictionary: CompressionDictionary?

  init(level: Int32 = PackFormat.level, dictionary: CompressionDictionary? = nil) throws(ObjectsError) {
    guard let context = ZSTD_createCCtx() else { throw .compression(reason: "out of memory") }
    self.context = context
    self.dictionary = dictionary
    for code in [
      ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level),
      ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0),
      ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 0),
      ZSTD_CCtx_setParameter(context, ZSTD_c_dictIDFlag, 0),
      mdata_zstd_magicless_compression(context),
      // Without it the frame may depend on where in memory the prefix happens to lie.
      mdata_zstd_deterministic_prefix(context),
    ] {
      _ = try zstdChecked(code)
    }
    if let dictionary { _ = try zstdChecked(ZSTD_CCtx_refCDict(context, dictionary.compression)) }
  }

  deinit { ZSTD_freeCCtx(context) }

  /// Compresses into a buffer of at least ``bound(_:)`` bytes. Returns how many were written.
  func compress(
    _ source: UnsafeRawBufferPointer, prefix: UnsafeRawBufferPointer? = nil,
    into target: UnsafeMutableRawBufferPointer
  ) throws(ObjectsError) -> Int {
    if let prefix { _ = try zstdChecked(ZSTD_CCtx_refPrefix(context, prefix.baseAddress, prefix.count)) }
    return try zstdChecked(
      ZSTD_compress2(context, target.baseAddress, target.count, source.baseAddress, source.count))
  }

  /// The longest frame of a source of this length, in bytes.
  static func bound(_ length: Int) -> Int { ZSTD_compressBound(length) }
}

/// A reusable decompressor of the same frames. One thread at a time.
final class ZstdDecompressor {
  private let context: OpaquePointer
  /// The dictionary that was used last, and its copy.
  private var space: (of: CompressionDictionary, memory: DictionarySpace)?

  init() throws(ObjectsError) {
    guard let context = ZSTD_createDCtx() else { throw .compression(reason: "out of memory") }
    self.context = context
    _ = try zstdChecked(mdata_zstd_magicless_decompression(context))
  }

  deinit { ZSTD_freeDCtx(context) }

  /// What a frame refers to.
  enum Reference {
    case none
    case dictionary(CompressionDictionary)
    case prefix(UnsafeRawBufferPointer)
  }

  /// Why a frame cannot be decompressed.
  struct Fault: Error {
    let reason: String
  }

  /// Decompresses one frame of exactly `length` bytes: into `scratch`, or beside the dictionary that it refers to, where
  /// it stays until the next frame with a dictionary.
  func decompress(
    _ source: UnsafeRawBufferPointer, _ reference: Reference, length: Int, into scratch: ScratchBuffer
  ) throws(Fault) -> UnsafeRawBufferPointer {
    // A frame of ours begins with a descriptor that has no dictionary id, checksum or reserved bits. Anything else
    // would reach library code for skippable and legacy frames, which this format does not have.
    guard let descriptor = source.first, descriptor & 0x1f == 0 else {
      throw Fault(reason: "it is not a frame of this format")
    }
    let target: UnsafeMutableRawBufferPointer
    let result: Int
    switch reference {
    case .none:
      target = scratch.room(for: length)
      result = ZSTD_decompressDCtx(
        context, target.baseAddress, target.count, source.baseAddress, source.count)
    case .dictionary(let dictionary):
      let space = try space(of: dictionary)
      guard let room = space.room(for: length) else { throw Fault(reason: "there is no memory for it") }
      target = room
      result = ZSTD_decompress_usingDDict(
        context, target.baseAddress, target.count, source.baseAddress, source.count, space.digested)
    case .prefix(let prefix):
      target = scratch.room(for: length)
      _ = try checked(ZSTD_DCtx_refPrefix(context, prefix.baseAddress, prefix.count))
      result = ZSTD_decompressDCtx(
        context, target.baseAddress, target.count, source.baseAddress, source.count)
    }
    guard try checked(result) == length else { throw Fault(reason: "it is shorter than its entry says") }
    return UnsafeRawBufferPointer(target)
  }

  private func space(of dictionary: CompressionDictionary) throws(Fault) -> DictionarySpace {
    if let space, space.of === dictionary { return space.memory }
    guard let made = dictionary.space() else { throw Fault(reason: "there is no memory for its dictionary") }
    space = (dictionary, made)
    return made
  }

  private func checked(_ result: Int) throws(Fault) -> Int {
    guard ZSTD_isError(result) == 0 else { throw Fault(reason: String(cString: ZSTD_getErrorName(result))) }
    return result
  }
}

/// Passes a zstd result on, or throws what its error code means.
func zstdChecked(_ result: Int) throws(ObjectsError) -> Int {
  guard ZSTD_isError(result) == 0 else {
    throw .compression(reason: String(cString: ZSTD_getErrorName(result)))
  }
  return result
}
