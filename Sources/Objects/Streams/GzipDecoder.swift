import CZlib

/// gzip members one after another (RFC 1952 section 2.2). zlib checks each member's length and CRC.
final class GzipDecoder: StreamDecoder {
  private let input: CompressedInput
  // zlib keeps the stream's address, so the stream has one of its own.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private var isInMember = true

  /// 16 asks zlib for the gzip format, 15 for the largest window.
  static let windowBits: Int32 = 16 + 15

  init(_ input: CompressedInput) throws(ObjectsError) {
    self.input = input
    stream.initialize(to: z_stream())
    guard mdata_inflate_init(stream, Self.windowBits) == Z_OK else {
      throw .compression(reason: "zlib is out of memory")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let room = min(buffer.count, 1 << 30)
    stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    while true {
      let produced = room - Int(stream.pointee.avail_out)
      if !isInMember {
        guard try beginsMember() else { return produced }
      }
      if produced > 0, stream.pointee.avail_out == 0 { return produced }
      let bytes = try input.available()
      guard !bytes.isEmpty else { throw input.damage("the gzip data ends in the middle") }
      stream.pointee.next_in = UnsafeMutableRawPointer(mutating: bytes.baseAddress)?.assumingMemoryBound(
        to: UInt8.self)
      stream.pointee.avail_in = UInt32(bytes.count)
      let code = inflate(stream, Z_NO_FLUSH)
      input.use(bytes.count - Int(stream.pointee.avail_in))
      switch code {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: isInMember = false
      default: throw input.damage(stream.pointee.msg.map { String(cString: $0) } ?? "zlib error \(code)")
      }
    }
  }

  /// Whether another member follows. Zero bytes after the last one are padding, as in tapes and block devices.
  private func beginsMember() throws -> Bool {
    let next = try input.peek(2)
    if next.isEmpty { return false }
    if next == [0x1f, 0x8b] {
      guard inflateReset(stream) == Z_OK else { throw input.damage("zlib cannot start a member") }
      isInMember = true
      return true
    }
    while true {
      let bytes = try input.available()
      if bytes.isEmpty { return false }
      let zeroes = bytes.prefix { $0 == 0 }.count
      input.use(zeroes)
      guard zeroes == bytes.count else {
        throw input.damage("something that is not gzip follows the gzip data")
      }
    }
  }
}
