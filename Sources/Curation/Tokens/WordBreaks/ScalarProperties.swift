/// What word breaks depend on, of every scalar: ``WordBreakTable`` in two stages, so that a look-up is two loads.
struct ScalarProperties: Sendable {
  /// The properties of one scalar.
  struct Value {
    private let bits: UInt8

    @inline(__always)
    fileprivate init(_ bits: UInt8) { self.bits = bits }

    @inline(__always)
    var wordBreak: WordBreak { WordBreak(rawValue: bits & 0x1F) ?? .other }
    @inline(__always)
    var isPictograph: Bool { bits & 0x20 != 0 }
    /// Whether it is a letter or a number.
    @inline(__always)
    var isWord: Bool { bits & 0x40 != 0 }
  }

  static let shared = ScalarProperties()

  /// For each 256 scalars where their properties begin.
  private let starts: [UInt16]
  private let values: [UInt8]

  private init() {
    var starts: [UInt16] = []
    var values: [UInt8] = []
    // Blocks with one value for all are most, and are shared.
    var uniform: [UInt8: UInt16] = [:]
    let runs = WordBreakTable.runs
    var run = 0
    for block in UInt32(0)..<0x1100 {
      let first = block << 8
      while run + 1 < runs.count, runs[run + 1] >> 8 <= first { run += 1 }
      let isUniform = run + 1 == runs.count || runs[run + 1] >> 8 >= first + 256
      let bits = UInt8(truncatingIfNeeded: runs[run])
      if isUniform, let start = uniform[bits] {
        starts.append(start)
        continue
      }
      let start = UInt16(truncatingIfNeeded: values.count >> 8)
      if isUniform { uniform[bits] = start }
      starts.append(start)
      for scalar in first..<(first + 256) {
        while run + 1 < runs.count, runs[run + 1] >> 8 <= scalar { run += 1 }
        values.append(UInt8(truncatingIfNeeded: runs[run]))
      }
    }
    self.starts = starts
    self.values = values
  }

  /// The properties of a code point; above U+10FFFF those of U+FFFD.
  @inline(__always)
  subscript(_ scalar: UInt32) -> Value {
    let scalar = scalar < 0x110000 ? scalar : 0xFFFD
    let start = starts.withUnsafeBufferPointer { $0[Int(scalar &>> 8)] }
    return values.withUnsafeBufferPointer { Value($0[Int(start) &<< 8 | Int(scalar & 0xFF)]) }
  }
}
