/// The punctuation between values, shared by everything that walks JSON.
extension ByteScanner {
  /// Refuses the bracket under the cursor when it opens a level beyond the limit.
  @inline(__always)
  func checkDepth(_ depth: Int) throws(ScanFailure) {
    if depth > limits.depth { throw ScanFailure(.tooDeep(limit: limits.depth), at: at) }
  }

  /// Reads an object's key under the cursor.
  @inline(__always)
  mutating func key() throws(ScanFailure) -> StringSpan {
    guard at < end else { throw ScanFailure(.unexpectedEnd(inside: "an object"), at: end) }
    guard base[at] == UInt8(ascii: "\"") else {
      throw ScanFailure(isAtByteOrderMark ? .byteOrderMark : .expectedKey, at: at)
    }
    return try string()
  }

  /// Moves over the colon after a key and the white space around it.
  @inline(__always)
  mutating func colon() throws(ScanFailure) {
    skipWhitespace()
    guard at < end else { throw ScanFailure(.unexpectedEnd(inside: "an object"), at: end) }
    guard skip(UInt8(ascii: ":")) else { throw ScanFailure(.expectedColon, at: at) }
    skipWhitespace()
  }

  /// After a member: true when a comma leads to another one, false at the closing brace; moves behind either
  /// and the white space after the comma.
  @inline(__always)
  mutating func anotherMember() throws(ScanFailure) -> Bool {
    skipWhitespace()
    guard at < end else { throw ScanFailure(.unexpectedEnd(inside: "an object"), at: end) }
    if skip(UInt8(ascii: ",")) {
      skipWhitespace()
      return true
    }
    if skip(UInt8(ascii: "}")) { return false }
    throw ScanFailure(.expectedCommaOrBrace, at: at)
  }

  /// After an element: true when a comma leads to another one, false at the closing bracket; moves behind
  /// either and the white space after the comma.
  @inline(__always)
  mutating func anotherElement() throws(ScanFailure) -> Bool {
    skipWhitespace()
    guard at < end else { throw ScanFailure(.unexpectedEnd(inside: "an array"), at: end) }
    if skip(UInt8(ascii: ",")) {
      skipWhitespace()
      return true
    }
    if skip(UInt8(ascii: "]")) { return false }
    throw ScanFailure(.expectedCommaOrBracket, at: at)
  }
}
