/// What takes the tokens of a text in their order. No token is empty.
protocol TokenSink {
  /// A token of 1 to 8 bytes, in a word whose lowest bits hold the first byte and whose other bytes are zero.
  mutating func take(_ word: UInt64, count: Int)
  /// A token that is a run of ASCII letters and digits, to be put in lower case.
  mutating func take(run: UnsafeBufferPointer<UInt8>)
  /// A token of any length.
  mutating func take(_ token: UnsafeBufferPointer<UInt8>)
  /// A segment that is not ASCII and not yet folded; see ``TokenFolding``.
  mutating func fold(_ segment: UnsafeBufferPointer<UInt8>)
}
