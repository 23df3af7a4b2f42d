import CZstd

/// Compresses what is written and passes it on: gzip, zstd with a checksum, or plain, as a file's name asks for.
///
/// The output depends on the bytes only, not on how they were cut, and holds no name and no time. One thread at a time.
public final class CompressingSink {
  private let target: (UnsafeRawBufferPointer) throws -> Void
  private let encoder: Encoder
  private let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 64)

  private enum Encoder {
    case plain
    case gzip(GzipEncoder)
    case zstd(OpaquePointer)
  }

  /// The compression that a file name's ending asks for: `.gz`, `.zst`, or none.
  public static func compression(forName name: String) -> DecompressingSource.Compression {
    if name.hasSuffix(".gz") { return .gzip }
    return name.hasSuffix(".zst") ? .zstd : .none
  }

  /// A sink in front of another one.
  public init(
    _ compression: DecompressingSource.Compression,
    writing target: @escaping (UnsafeRawBufferPointer) throws -> Void
  ) throws(ObjectsError) {
    self.target = target
    switch compression {
    case .none: encoder = .plain
    case .gzip: encoder = .gzip(try GzipEncoder())
    case .zstd:
      guard let context = ZSTD_createCCtx() else { throw .compression(reason: "libzstd is out of memory") }
      encoder = .zstd(context)
      _ = try zstdChecked(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 3))
      _ = try zstdChecked(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1))
    }
  }

  deinit {
    if case .zstd(let context) = encoder { ZSTD_freeCCtx(context) }
    memory.deallocate()
  }

  /// Writes bytes.
  public func write(_ bytes: UnsafeRawBufferPointer) throws { try write(bytes, isLast: false) }

  /// Ends the output: without it the compressed data is cut off.
  public func finish() throws { try write(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true) }

  private func write(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws {
    switch encoder {
    case .plain: if !bytes.isEmpty { try target(bytes) }
    case .gzip(let stream):
      try stream.write(bytes, isLast: isLast, through: memory, to: target)
    case .zstd(let context):
      var source = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
      while true {
        var room = ZSTD_outBuffer(dst: memory.baseAddress, size: memory.count, pos: 0)
        let rest = try zstdChecked(
          ZSTD_compressStream2(context, &room, &source, isLast ? ZSTD_e_end : ZSTD_e_continue))
        if room.pos > 0 { try target(UnsafeRawBufferPointer(rebasing: memory[..<room.pos])) }
        if isLast ? rest == 0 : source.pos == source.size { return }
      }
    }
  }
}
