@_spi(_Unicode) import Swift

/// What is done to a text before it is cut into pieces.
struct TextNormalizer: Sendable, Equatable {
  enum Step: Sendable, Equatable {
    /// Unicode's normalization form C.
    case compose
    /// Puts these bytes before a text that is not empty.
    case prepend([UInt8])
    /// Replaces every occurrence, from left to right.
    case replace([UInt8], with: [UInt8])
    /// Makes runs of spaces one space, and drops them at both ends.
    case collapseSpaces
  }

  /// The steps in their order.
  var steps: [Step] = []

  /// Whether every text stays as it is.
  var isIdentity: Bool { steps.isEmpty }

  /// The normal form of valid UTF-8.
  func apply(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var text = Array(text)
    for step in steps {
      switch step {
      case .compose: if text.contains(where: { $0 >= 0x80 }) { text = Self.composed(text) }
      case .prepend(let prefix): if !text.isEmpty { text.insert(contentsOf: prefix, at: 0) }
      case .replace(let pattern, let replacement):
        var replaced: [UInt8] = []
        replaced.reserveCapacity(text.count + text.count / 2)
        text.withUnsafeBufferPointer { Self.replace(pattern, with: replacement, in: $0, to: &replaced) }
        text = replaced
      case .collapseSpaces: text = Self.collapsed(text)
      }
    }
    return text
  }

  /// Appends the text with every occurrence of `pattern` replaced, from left to right.
  static func replace(
    _ pattern: [UInt8], with replacement: [UInt8], in text: UnsafeBufferPointer<UInt8>,
    to target: inout [UInt8]
  ) {
    var start = 0
    var position = 0
    while position + pattern.count <= text.count {
      guard text[position] == pattern[0],
        pattern.count == 1 || text[position..<(position + pattern.count)].elementsEqual(pattern)
      else {
        position += 1
        continue
      }
      target.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<position]))
      target.append(contentsOf: replacement)
      position += pattern.count
      start = position
    }
    target.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
  }

  private static func composed(_ text: [UInt8]) -> [UInt8] {
    var composed = String.UnicodeScalarView()
    composed.append(contentsOf: String(decoding: text, as: UTF8.self)._nfc)
    return Array(String(composed).utf8)
  }

  private static func collapsed(_ text: [UInt8]) -> [UInt8] {
    var collapsed: [UInt8] = []
    collapsed.reserveCapacity(text.count)
    for byte in text {
      if byte == UInt8(ascii: " "), collapsed.isEmpty || collapsed.last == byte { continue }
      collapsed.append(byte)
    }
    if collapsed.last == UInt8(ascii: " ") { collapsed.removeLast() }
    return collapsed
  }
}
