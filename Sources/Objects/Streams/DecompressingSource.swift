/// Where compressed or plain bytes come from: fills a part of the buffer and returns how much, 0 at the end.
public typealias ByteSource = (UnsafeMutableRawBufferPointer) throws -> Int

/// The bytes of an input that may be compressed: gzip (RFC 1952, any number of members), zstd (RFC 8878, any number
/// of frames, skippable ones among them), or plain. Which one, its first bytes decide.
///
/// Streams in bounded memory whatever the input expands to: gzip needs 32 KiB of history, zstd windows over 128 MiB
/// are refused. An input that is cut off or altered, or that has anything after the compressed part, throws
/// ``ObjectsError/damagedStream(name:offset:reason:)``; bytes handed out before are then not to be kept.
/// One thread at a time.
public final class DecompressingSource {
  /// How an input is compressed.
  public enum Compression: Sendable, Equatable { case none, gzip, zstd }

  /// How this input is compressed.
  public let compression: Compression

  private let input: CompressedInput
  private let decoder: any StreamDecoder
  private var isFinished = false

  /// A source over another one. `name` is the input's, for messages. Reads the first bytes.
  public init(name: String, reading source: @escaping ByteSource) throws {
    let input = CompressedInput(name: name, source: source)
    self.input = input
    let start = try input.peek(4)
    if start.starts(with: [0x1f, 0x8b]) {
      compression = .gzip
      decoder = try GzipDecoder(input)
    } else if ZstdStreamDecoder.isMagic(start) {
      compression = .zstd
      decoder = try ZstdStreamDecoder(input)
    } else {
      compression = .none
      decoder = PlainDecoder(input)
    }
  }

  /// Fills a part of the buffer with decompressed bytes and returns how much; 0 only at the input's end, or for an
  /// empty buffer.
  public func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    guard !isFinished, !buffer.isEmpty else { return 0 }
    let count = try decoder.read(into: buffer)
    isFinished = count == 0
    return count
  }

  /// Compressed bytes used so far: with the input's length, how far reading has come.
  public var inputOffset: Int { input.offset }
}

/// One way of decompressing: as ``DecompressingSource/read(into:)``, for a buffer that is not empty.
protocol StreamDecoder {
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int
}

/// Bytes that are not compressed.
struct PlainDecoder: StreamDecoder {
  private let input: CompressedInput

  init(_ input: CompressedInput) { self.input = input }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int { try input.read(into: buffer) }
}
