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

  /// Decompresses one frame that must fill the target exactly. Returns why it does not, or nil.
  func decompress(
    _ source: UnsafeRawBufferPointer, _ reference: Reference, into target: UnsafeMutableRawBufferPointer
  ) -> String? {
    // A frame of ours begins with a descriptor that has no dictionary id, checksum or reserved bits. Anything else
    // would reach library code for skippable and legacy frames, which this format does not have.
    guard let descriptor = source.first, descriptor & 0x1f == 0 else {
      return "it is not a frame of this format"
    }
    let result: Int
    switch reference {
    case .none:
      result = ZSTD_decompressDCtx(
        context, target.baseAddress, target.count, source.baseAddress, source.count)
    case .dictionary(let dictionary):
      result = ZSTD_decompress_usingDDict(
        context, target.baseAddress, target.count, source.baseAddress, source.count, dictionary.decompression)
    case .prefix(let prefix):
      let code = ZSTD_DCtx_refPrefix(context, prefix.baseAddress, prefix.count)
      if ZSTD_isError(code) != 0 { return String(cString: ZSTD_getErrorName(code)) }
      result = ZSTD_decompressDCtx(
        context, target.baseAddress, target.count, source.baseAddress, source.count)
    }
    if ZSTD_isError(result) != 0 { return String(cString: ZSTD_getErrorName(result)) }
    return result == target.count ? nil : "it is shorter than its entry says"
  }
}

/// Passes a zstd result on, or throws what its error code means.
func zstdChecked(_ result: Int) throws(ObjectsError) -> Int {
  guard ZSTD_isError(result) == 0 else {
    throw .compression(reason: String(cString: ZSTD_getErrorName(result)))
  }
  return result
}
