/// A refusal inside the scanner: the reason and the offset. Lines are counted only when it is reported.
struct ScanFailure: Error, Equatable {
  let reason: JSONFailure.Reason
  let byte: Int

  init(_ reason: JSONFailure.Reason, at byte: Int) {
    self.reason = reason
    self.byte = byte
  }

  /// The failure with its line and column, found by counting the line feeds before it.
  func located(in text: UnsafeRawBufferPointer) -> JSONFailure {
    var line = 1
    var lineStart = 0
    for offset in 0..<min(byte, text.count) where text[offset] == UInt8(ascii: "\n") {
      line += 1
      lineStart = offset + 1
    }
    return JSONFailure(reason: reason, line: line, column: byte - lineStart + 1, byte: byte)
  }
}
