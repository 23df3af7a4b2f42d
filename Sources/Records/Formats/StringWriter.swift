/// Writes strings with the escapes of a layout.
struct StringWriter: Sendable {
  let escaping: Escaping
  private let isMinimal: Bool

  init(_ escaping: Escaping) {
    self.escaping = escaping
    isMinimal = escaping.isMinimal && !escaping.upperCase
  }

  /// Appends a name with its quotes.
  func appendQuoted(name: String, to output: inout [UInt8]) {
    var canonical: [UInt8] = []
    CanonicalJSON.append(name, to: &canonical)
    output.append(UInt8(ascii: "\""))
    canonical.withUnsafeBufferPointer {
      append(UnsafeBufferPointer(rebasing: $0[1..<$0.count - 1]), to: &output)
    }
    output.append(UInt8(ascii: "\""))
  }

  /// Appends the inside of a string that is given in its canonical spelling.
  @inline(__always)
  func append(_ canonical: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    if isMinimal {
      output.append(contentsOf: canonical)
    } else {
      respell(canonical, to: &output)
    }
  }

  private func respell(_ canonical: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) {
    guard let base = canonical.baseAddress else { return }
    var copied = 0
    var position = 0
    while position < canonical.count {
      let byte = base[position]
      var length = 1
      if byte >= 0x80 {
        length = max(1, UTF8Sequence.length(base + position, available: canonical.count - position))
        let scalar = UTF8Sequence.scalar(base + position, length: length)
        guard escaping.isASCII || (escaping.lineSeparators && scalar & ~1 == 0x2028) else {
          position += length
          continue
        }
        output.append(contentsOf: UnsafeBufferPointer(start: base + copied, count: position - copied))
        appendEscape(of: scalar, to: &output)
      } else if byte == UInt8(ascii: "\\") {
        // Escapes stay, but for the case of their digits.
        guard escaping.upperCase, position + 5 < canonical.count, base[position + 1] == UInt8(ascii: "u")
        else {
          position += 2
          continue
        }
        length = 6
        output.append(contentsOf: UnsafeBufferPointer(start: base + copied, count: position - copied))
        appendUnit(
          UInt32(Hex.value(of: base[position + 4]) ?? 0) << 4
            | UInt32(Hex.value(of: base[position + 5]) ?? 0), to: &output)
      } else if escaping.slash, byte == UInt8(ascii: "/") {
        output.append(contentsOf: UnsafeBufferPointer(start: base + copied, count: position - copied))
        output.append(UInt8(ascii: "\\"))
        output.append(byte)
      } else if escaping.markup,
        byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&")
      {
        output.append(contentsOf: UnsafeBufferPointer(start: base + copied, count: position - copied))
        appendUnit(UInt32(byte), to: &output)
      } else {
        position += 1
        continue
      }
      position += length
      copied = position
    }
    output.append(contentsOf: UnsafeBufferPointer(start: base + copied, count: canonical.count - copied))
  }

  private func appendEscape(of scalar: UInt32, to output: inout [UInt8]) {
    if scalar < 0x10000 { return appendUnit(scalar, to: &output) }
    appendUnit(0xD800 + (scalar - 0x10000) >> 10, to: &output)
    appendUnit(0xDC00 + (scalar - 0x10000) & 0x3FF, to: &output)
  }

  private func appendUnit(_ unit: UInt32, to output: inout [UInt8]) {
    output.append(UInt8(ascii: "\\"))
    output.append(UInt8(ascii: "u"))
    let letter = (escaping.upperCase ? UInt8(ascii: "A") : UInt8(ascii: "a")) - 10
    for shift in [UInt32(12), 8, 4, 0] {
      let digit = UInt8(truncatingIfNeeded: unit >> shift & 15)
      output.append(digit < 10 ? UInt8(ascii: "0") + digit : letter + digit)
    }
  }
}
