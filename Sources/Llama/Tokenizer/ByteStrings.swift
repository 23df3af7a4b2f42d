/// Byte strings one after another, numbered from 0.
struct ByteStrings: Sendable {
  private var bytes: [UInt8] = []
  /// Where string i ends in `bytes`; it begins where string i − 1 ends.
  private var ends: [Int] = []

  /// How many there are.
  var count: Int { ends.count }

  mutating func append(_ string: some Sequence<UInt8>) {
    bytes.append(contentsOf: string)
    ends.append(bytes.count)
  }

  /// A string; none for a number that is not there.
  subscript(index: Int) -> ArraySlice<UInt8> {
    guard ends.indices.contains(index) else { return [] }
    return bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]
  }

  /// Whether a string has exactly these bytes.
  @inline(__always)
  func equals(_ index: Int, _ other: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = index == 0 ? 0 : ends[index - 1]
    guard ends[index] - start == other.count else { return false }
    return bytes.withUnsafeBufferPointer { bytes in
      for offset in 0..<other.count where bytes[start + offset] != other[offset] { return false }
      return true
    }
  }
}
