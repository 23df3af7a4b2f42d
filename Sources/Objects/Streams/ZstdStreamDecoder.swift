import CZstd

/// zstd frames one after another (RFC 8878 section 3.1), skippable ones among them.
final class ZstdStreamDecoder: StreamDecoder {
  private let input: CompressedInput
  private let context: OpaquePointer
  private var isInFrame = false

  /// Largest window, as a power of two: 128 MiB, what `zstd --long` needs.
  private static let windowLog: Int32 = 27

  /// Whether bytes begin a zstd frame or a skippable one.
  static func isMagic(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 4 else { return false }
    let isFrame = bytes[0] == 0x28 && bytes[1] == 0xb5 && bytes[2] == 0x2f && bytes[3] == 0xfd
    return isFrame || bytes[0] & 0xf0 == 0x50 && bytes[1] == 0x2a && bytes[2] == 0x4d && bytes[3] == 0x18
  }

  init(_ input: CompressedInput) throws(ObjectsError) {
    self.input = input
    guard let context = ZSTD_createDCtx() else { throw .compression(reason: "libzstd is out of memory") }
    self.context = context
    _ = try zstdChecked(ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, Self.windowLog))
  }

  deinit { ZSTD_freeDCtx(context) }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
    while target.pos == 0 {
      if !isInFrame {
        let next = try input.peek(4)
        if next.isEmpty { return 0 }
        guard Self.isMagic(next) else {
          throw input.damage("something that is not zstd follows the zstd data")
        }
        isInFrame = true
      }
      let bytes = try input.available()
      var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
      // Called without input too: output may still be waiting inside.
      let result = ZSTD_decompressStream(context, &target, &source)
      input.use(source.pos)
      guard ZSTD_isError(result) == 0 else { throw input.damage(String(cString: ZSTD_getErrorName(result))) }
      if result == 0 {
        isInFrame = false
      } else if bytes.isEmpty, target.pos == 0 {
        throw input.damage("the zstd data ends in the middle")
      }
    }
    return target.pos
  }
}
