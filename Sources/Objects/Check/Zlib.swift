import CZlib

/// Whole zlib streams (RFC 1950), which git wraps its loose objects in.
public enum Zlib {
  /// What a stream decompresses to, and whether it is whole: one stream that fills the bytes to their end and whose
  /// checksum holds. Of a damaged one as much as comes out of it. Nil when that is more than `limit` bytes.
  public static func inflate(_ bytes: [UInt8], limit: Int) -> (bytes: [UInt8], isWhole: Bool)? {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    defer { stream.deallocate() }
    guard mdata_inflate_init(stream, 15) == Z_OK else { return nil }
    defer { inflateEnd(stream) }
    var output: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 12)
    return bytes.withUnsafeBufferPointer { input in
      guard let start = input.baseAddress, let count = UInt32(exactly: input.count) else { return nil }
      stream.pointee.next_in = UnsafeMutablePointer(mutating: start)
      stream.pointee.avail_in = count
      while true {
        let code = chunk.withUnsafeMutableBufferPointer { room in
          stream.pointee.next_out = room.baseAddress
          stream.pointee.avail_out = UInt32(room.count)
          return CZlib.inflate(stream, Z_NO_FLUSH)
        }
        output += chunk[..<(chunk.count - Int(stream.pointee.avail_out))]
        guard output.count <= limit else { return nil }
        switch code {
        case Z_OK: if stream.pointee.avail_in == 0, stream.pointee.avail_out > 0 { return (output, false) }
        case Z_STREAM_END: return (output, stream.pointee.avail_in == 0)
        default: return (output, false)
        }
      }
    }
  }

  /// A zlib stream that holds `bytes`.
  public static func deflate(_ bytes: [UInt8]) -> [UInt8] {
    var length = compressBound(UInt(bytes.count))
    return [UInt8](unsafeUninitializedCapacity: Int(length)) { buffer, count in
      let code = compress2(buffer.baseAddress, &length, bytes, UInt(bytes.count), Z_BEST_SPEED)
      count = code == Z_OK ? Int(length) : 0
    }
  }
}
