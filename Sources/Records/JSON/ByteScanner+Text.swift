import Glibc

extension ByteScanner {
  /// The source bytes between a string's quotes.
  @inline(__always)
  func bytes(of span: StringSpan) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: base + span.start, count: span.count)
  }

  /// The characters of a validated string.
  func text(of span: StringSpan) -> String {
    guard span.spelling.contains(.escaped) else { return String(decoding: bytes(of: span), as: UTF8.self) }
    return String(unsafeUninitializedCapacity: span.count) { buffer in
      guard let target = buffer.baseAddress else { return 0 }
      return unescape(span, into: target)
    }
  }

  /// Whether two validated strings have the same characters.
  func areEqual(_ left: StringSpan, _ right: StringSpan) -> Bool {
    if left.spelling.union(right.spelling).contains(.escaped) {
      return text(of: left).utf8.elementsEqual(text(of: right).utf8)
    }
    return left.count == right.count && memcmp(base + left.start, base + right.start, left.count) == 0
  }

  /// Appends a validated string as RFC 8785 spells it, without quotes.
  @inline(__always)
  func appendCanonical(_ span: StringSpan, to output: inout [UInt8]) {
    if span.spelling.isCanonical {
      output.append(contentsOf: bytes(of: span))
    } else {
      appendRespelled(span, to: &output)
    }
  }

  private func appendRespelled(_ span: StringSpan, to output: inout [UInt8]) {
    var copied = span.start
    var source = span.start
    while source < span.end {
      guard base[source] == UInt8(ascii: "\\") else {
        source += 1
        continue
      }
      output.append(contentsOf: UnsafeBufferPointer(start: base + copied, count: source - copied))
      let (scalar, length) = escapedScalar(at: source)
      CanonicalJSON.append(scalar: scalar, to: &output)
      source += length
      copied = source
    }
    output.append(contentsOf: UnsafeBufferPointer(start: base + copied, count: span.end - copied))
  }
}
