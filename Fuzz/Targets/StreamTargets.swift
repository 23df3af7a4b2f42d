import Objects

extension FuzzTarget {
  /// Largest output that is asked for, in bytes.
  private static let outputLimit = 1 << 20

  /// Decompresses an input that arrives `step` bytes at a time into buffers of `room` bytes; nil when it is damaged.
  private static func decompressed(_ input: [UInt8], step: Int, room: Int) throws -> [UInt8]? {
    var position = 0
    var output: [UInt8] = []
    do {
      let source = try DecompressingSource(name: "input") { buffer in
        let count = min(buffer.count, input.count - position, step)
        buffer.copyBytes(from: input[position..<position + count])
        position += count
        return count
      }
      var buffer = [UInt8](repeating: 0, count: room)
      while output.count < outputLimit {
        let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
        if count == 0 { return output }
        try promise(count <= room, "\(count) bytes in a buffer of \(room)")
        output += buffer[..<count]
      }
      return Array(output.prefix(outputLimit))
    } catch ObjectsError.damagedStream(_, let offset, let reason) {
      try promise((0...input.count).contains(offset), "byte \(offset) of \(input.count)")
      try promise(!reason.isEmpty, "damage without a reason")
      return nil
    }
  }

  private static func check(_ input: [UInt8]) throws -> Bool {
    let whole = try decompressed(input, step: .max, room: 1 << 16)
    let pieces = try decompressed(input, step: 7, room: 1000)
    try promise(whole == pieces, "the output depends on how the bytes arrive")
    return whole != nil
  }

  /// A gzip file: the fuzzer's bytes follow the magic number.
  static let gzip = FuzzTarget("gzip") { input in try check([0x1f, 0x8b] + input) }

  /// A zstd file: the fuzzer's bytes follow the magic number.
  static let zstd = FuzzTarget("zstd") { input in try check([0x28, 0xb5, 0x2f, 0xfd] + input) }
}
