extension ByteScanner {
  /// Writes the characters of a validated string as UTF-8 and returns their length. They never take more
  /// bytes than the span: `target` needs room for `span.count`.
  func unescape(_ span: StringSpan, into target: UnsafeMutablePointer<UInt8>) -> Int {
    var written = 0
    var source = span.start
    while source < span.end {
      let byte = base[source]
      guard byte == UInt8(ascii: "\\") else {
        target[written] = byte
        written += 1
        source += 1
        continue
      }
      let (scalar, length) = escapedScalar(at: source)
      written += UTF8Sequence.write(scalar, to: target + written)
      source += length
    }
    return written
  }

  /// The scalar and the source length of the validated escape at this backslash.
  func escapedScalar(at backslash: Int) -> (scalar: UInt32, length: Int) {
    switch base[backslash + 1] {
    case UInt8(ascii: "n"): return (0x0A, 2)
    case UInt8(ascii: "t"): return (0x09, 2)
    case UInt8(ascii: "r"): return (0x0D, 2)
    case UInt8(ascii: "b"): return (0x08, 2)
    case UInt8(ascii: "f"): return (0x0C, 2)
    case UInt8(ascii: "u"):
      let unit = hexDigits(at: backslash + 2)
      guard unit & 0xFC00 == 0xD800 else { return (unit, 6) }
      return (0x10000 + (unit & 0x3FF) << 10 + hexDigits(at: backslash + 8) & 0x3FF, 12)
    case let plain: return (UInt32(plain), 2)
    }
  }

  private func hexDigits(at start: Int) -> UInt32 {
    var unit: UInt32 = 0
    for offset in start..<start + 4 { unit = unit << 4 | UInt32(Hex.value(of: base[offset]) ?? 0) }
    return unit
  }
}

extension UTF8Sequence {
  /// Writes a scalar and returns its length, 1 to 4.
  @inline(__always)
  static func write(_ scalar: UInt32, to target: UnsafeMutablePointer<UInt8>) -> Int {
    if scalar < 0x80 {
      target[0] = UInt8(truncatingIfNeeded: scalar)
      return 1
    }
    func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: scalar >> shift & 0x3F) }
    if scalar < 0x800 {
      target[0] = 0xC0 | UInt8(truncatingIfNeeded: scalar >> 6)
      target[1] = tail(0)
      return 2
    }
    if scalar < 0x10000 {
      target[0] = 0xE0 | UInt8(truncatingIfNeeded: scalar >> 12)
      target[1] = tail(6)
      target[2] = tail(0)
      return 3
    }
    target[0] = 0xF0 | UInt8(truncatingIfNeeded: scalar >> 18)
    target[1] = tail(12)
    target[2] = tail(6)
    target[3] = tail(0)
    return 4
  }
}
