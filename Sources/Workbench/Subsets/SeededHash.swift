import Objects
import Records

/// Numbers that look random and follow from a seed and some bytes alone: the first eight bytes, big-endian, of SHA-256 over
/// `mdata PURPOSE v1`, a zero byte, the seed in decimal digits, a zero byte and the bytes. One thread at a time.
final class SeededHash {
  private let hasher = SHA256()
  private let beginning: [UInt8]

  init(_ purpose: String, seed: UInt64) {
    beginning = Array("mdata \(purpose) v1\0\(seed)\0".utf8)
  }

  func number(of bytes: [UInt8]) -> UInt64 {
    hasher.begin()
    beginning.withUnsafeBytes { hasher.update($0) }
    bytes.withUnsafeBytes { hasher.update($0) }
    return hasher.finish().word0
  }
}
