import CZlib

/// zlib's state for one gzip member.
final class GzipEncoder {
  // zlib keeps the stream's address, so the stream has one of its own.
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  init() throws(ObjectsError) {
    stream.initialize(to: z_stream())
    guard mdata_deflate_init(stream, Z_DEFAULT_COMPRESSION, GzipDecoder.windowBits) == Z_OK else {
      throw .compression(reason: "zlib is out of memory")
    }
  }

  deinit {
    deflateEnd(stream)
    stream.deallocate()
  }

  func write(
    _ bytes: UnsafeRawBufferPointer, isLast: Bool, through memory: UnsafeMutableRawBufferPointer,
    to target: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    var rest = bytes
    repeat {
      // zlib counts in 32 bits.
      let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
      stream.pointee.next_in = UnsafeMutableRawPointer(mutating: part.baseAddress)?.assumingMemoryBound(
        to: UInt8.self)
      stream.pointee.avail_in = UInt32(part.count)
      let flush = isLast && rest.isEmpty ? Z_FINISH : Z_NO_FLUSH
      repeat {
        stream.pointee.next_out = memory.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(memory.count)
        guard deflate(stream, flush) != Z_STREAM_ERROR else {
          throw ObjectsError.compression(reason: "zlib was given something after the end")
        }
        let count = memory.count - Int(stream.pointee.avail_out)
        if count > 0 { try target(UnsafeRawBufferPointer(rebasing: memory[..<count])) }
      } while stream.pointee.avail_out == 0
    } while !rest.isEmpty
  }
}
