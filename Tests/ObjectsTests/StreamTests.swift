import Records
import Testing

@testable import Objects

private typealias Compression = DecompressingSource.Compression

@Suite struct StreamTests {
  /// All bytes of a compressed input, handed over in pieces of `piece` bytes and read into a buffer of `room`.
  private func decompress(_ bytes: [UInt8], piece: Int = 1 << 20, room: Int = 4096) throws -> [UInt8] {
    var offset = 0
    let source = try DecompressingSource(name: "in.jsonl") { buffer in
      let count = min(piece, buffer.count, bytes.count - offset)
      buffer.copyBytes(from: bytes[offset..<offset + count])
      offset += count
      return count
    }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: room)
    while true {
      let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
      if count == 0 { return result }
      result += buffer[..<count]
    }
  }

  private func compress(_ bytes: [UInt8], _ compression: Compression, piece: Int = 1 << 20) throws -> [UInt8]
  {
    var result: [UInt8] = []
    let sink = try CompressingSink(compression) { result += $0 }
    for start in stride(from: 0, to: bytes.count, by: piece) {
      try bytes[start..<min(start + piece, bytes.count)].withUnsafeBytes { try sink.write($0) }
    }
    try sink.finish()
    return result
  }

  private func sample(_ count: Int) -> [UInt8] {
    var generator = SplitMix64(seed: 7)
    var result: [UInt8] = []
    while result.count < count { result += text(30, &generator) + [10] }
    return result
  }

  @Test(arguments: [Compression.none, .gzip, .zstd])
  func roundTripsHoweverItIsCut(compression: DecompressingSource.Compression) throws {
    for length in [0, 1, 5, 4095, 4096, 300_000] {
      let bytes = Array(sample(length + 1).prefix(length))
      let whole = try compress(bytes, compression)
      #expect(try decompress(whole) == bytes)
      #expect(try decompress(whole, piece: 97, room: 61) == bytes)
      #expect(try decompress(compress(bytes, compression, piece: 1013)) == bytes)
    }
    // One byte at a time, both ways.
    let bytes = Array(sample(700).prefix(700))
    #expect(try decompress(compress(bytes, compression, piece: 1), piece: 1, room: 1) == bytes)
  }

  @Test func membersAndFramesFollowEachOther() throws {
    let (a, b) = (sample(5_000), Array(sample(9_000).reversed()))
    let gzip = try compress(a, .gzip) + compress([], .gzip) + compress(b, .gzip)
    #expect(try decompress(gzip) == a + b)
    #expect(try decompress(gzip + [0, 0, 0], piece: 100) == a + b)
    let skippable: [UInt8] = [0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9]
    let zstd =
      try skippable + compress(a, .zstd) + skippable + compress([], .zstd) + compress(b, .zstd) + skippable
    #expect(try decompress(zstd) == a + b)
    #expect(try decompress(zstd, piece: 1, room: 100) == a + b)
  }

  @Test(arguments: [Compression.gzip, .zstd])
  func everyTruncationIsNoticed(compression: DecompressingSource.Compression) throws {
    let whole = try compress(sample(2_000), compression)
    for length in 4..<whole.count {
      let cut = Array(whole[..<length])
      #expect(throws: ObjectsError.self) { try decompress(cut) }
      do { _ = try decompress(cut) } catch ObjectsError.damagedStream(let name, let offset, _) {
        #expect(name == "in.jsonl" && offset <= length && offset >= length - 20)
      }
    }
  }

  @Test(arguments: [Compression.gzip, .zstd])
  func noFlippedBitGivesOtherBytes(compression: DecompressingSource.Compression) throws {
    let bytes = sample(1_500)
    let whole = try compress(bytes, compression)
    for position in 0..<whole.count {
      var flipped = whole
      flipped[position] ^= 1 << UInt8(position % 8)
      // A few header bits (time, name flags, operating system) say nothing about the contents; and an input whose magic is
      // damaged is not a compressed one.
      if let found = try? decompress(flipped) { #expect(found == bytes || found == flipped) }
    }
  }

  @Test func whateverFollowsIsRefused() throws {
    let bytes = sample(500)
    #expect(throws: ObjectsError.self) { try decompress(compress(bytes, .gzip) + [1, 2, 3]) }
    #expect(throws: ObjectsError.self) { try decompress(compress(bytes, .zstd) + [1, 2, 3, 4, 5]) }
    #expect(throws: ObjectsError.self) { try decompress(compress(bytes, .gzip) + [0, 0, 1]) }
  }

  @Test func aHugeWindowIsRefused() throws {
    // Frame header with a window of 2^31 bytes: exponent 21.
    let frame: [UInt8] = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 0x01, 0x00, 0x00]
    #expect(throws: ObjectsError.self) { try decompress(frame) }
  }

  @Test func aBombIsReadInBoundedPieces() throws {
    var bomb: [UInt8] = []
    let sink = try CompressingSink(.zstd) { bomb += $0 }
    let zeroes = [UInt8](repeating: 0, count: 1 << 20)
    for _ in 0..<64 { try zeroes.withUnsafeBytes { try sink.write($0) } }
    try sink.finish()
    #expect(bomb.count < 10_000)
    var offset = 0
    let source = try DecompressingSource(name: "bomb") { buffer in
      let count = min(buffer.count, bomb.count - offset)
      buffer.copyBytes(from: bomb[offset..<offset + count])
      offset += count
      return count
    }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    var total = 0
    while true {
      let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0) }
      if count == 0 { break }
      #expect(count <= 65_536)
      total += count
    }
    #expect(total == 64 << 20)
  }

  @Test func compressionByName() {
    #expect(CompressingSink.compression(forName: "a.jsonl.gz") == .gzip)
    #expect(CompressingSink.compression(forName: "a.zst") == .zstd)
    #expect(CompressingSink.compression(forName: "gz") == .none)
  }

  @Test func readsWhatOtherProgramsWrote() throws {
    // Python: gzip.compress(b"hello\n", mtime=0) and `printf 'hello\n' | zstd`.
    let gzip = try #require(Hex.decode("1f8b0800000000000203cb48cdc9c9e7020020303a3606000000"))
    #expect(try decompress(gzip) == Array("hello\n".utf8))
    let zstd = try #require(Hex.decode("28b52ffd045831000068656c6c6f0a5388bd91"))
    #expect(try decompress(zstd) == Array("hello\n".utf8))
  }
}
