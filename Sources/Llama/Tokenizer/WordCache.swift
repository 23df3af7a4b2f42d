import Synchronization

/// Tokens of short pieces that were encoded before; texts repeat most of their words.
///
/// Bounded: 8,192 pieces of at most 32 bytes; a full place is overwritten.
struct WordCache {
  private struct Entry {
    var hash: UInt64 = 0
    var count: UInt8 = 0
    var length: UInt8 = 0
  }

  private static let places = 1 << 13
  private static let longestPiece = 32
  private static let mostTokens = 32

  private var entries: [Entry] = []
  private var bytes: [UInt8] = []
  private var tokens: [Int32] = []

  /// Appends the tokens of a piece that is kept here; returns whether it is.
  mutating func append(_ piece: UnsafeBufferPointer<UInt8>, to target: inout [Int32]) -> Bool {
    guard 2...Self.longestPiece ~= piece.count, !entries.isEmpty else { return false }
    let hash = Self.hash(piece)
    let place = Self.place(hash)
    let entry = entries[place]
    guard entry.hash == hash, Int(entry.length) == piece.count else { return false }
    let start = place * Self.longestPiece
    let isEqual = bytes.withUnsafeBufferPointer { kept in
      for index in 0..<piece.count where kept[start + index] != piece[index] { return false }
      return true
    }
    guard isEqual else { return false }
    let first = place * Self.mostTokens
    tokens.withUnsafeBufferPointer {
      target.append(contentsOf: UnsafeBufferPointer(rebasing: $0[first..<(first + Int(entry.count))]))
    }
    return true
  }

  /// Keeps the tokens of a piece in place of what had its place.
  mutating func keep(_ piece: UnsafeBufferPointer<UInt8>, _ encoded: ArraySlice<Int32>) {
    guard 2...Self.longestPiece ~= piece.count, encoded.count <= Self.mostTokens else { return }
    if entries.isEmpty {
      entries = [Entry](repeating: Entry(), count: Self.places)
      bytes = [UInt8](repeating: 0, count: Self.places * Self.longestPiece)
      tokens = [Int32](repeating: 0, count: Self.places * Self.mostTokens)
    }
    let hash = Self.hash(piece)
    let place = Self.place(hash)
    entries[place] = Entry(
      hash: hash, count: UInt8(truncatingIfNeeded: encoded.count),
      length: UInt8(truncatingIfNeeded: piece.count))
    for (offset, byte) in piece.enumerated() { bytes[place * Self.longestPiece + offset] = byte }
    for (offset, token) in encoded.enumerated() { tokens[place * Self.mostTokens + offset] = token }
  }

  private static func place(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 51) }

  /// Multiplies eight bytes at a time.
  @inline(__always)
  private static func hash(_ piece: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = UInt64(piece.count) &* 0x9E37_79B9_7F4A_7C15
    var word: UInt64 = 0
    var bits: UInt64 = 0
    for byte in piece {
      word |= UInt64(byte) << bits
      bits += 8
      if bits == 64 {
        hash = (hash ^ word) &* 0xD6E8_FEB8_6659_FD93
        hash ^= hash >> 32
        (word, bits) = (0, 0)
      }
    }
    hash = (hash ^ word) &* 0xD6E8_FEB8_6659_FD93
    return (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
  }
}

/// Caches that calls on several threads take and give back, so that none waits for another.
final class WordCaches: Sendable {
  private let idle = Mutex<[WordCache]>([])

  /// Lends a cache to `body`.
  func withCache<Result>(_ body: (inout WordCache) -> Result) -> Result {
    var cache = idle.withLock { $0.popLast() } ?? WordCache()
    defer { idle.withLock { $0.append(cache) } }
    return body(&cache)
  }
}
