/// What holds the rows of a JSON file: an array, or lines.
struct Container {
  enum Kind { case array, lines }

  let kind: Kind
  /// Where the rows begin: behind the array's bracket, or behind a byte order mark.
  let start: Int
  /// The line of `start`, and the offset its line begins at.
  let line, lineStart: Int
  /// The first byte that is neither white space nor a byte order mark, or nil in an empty file.
  let first: UInt8?

  /// Looks at the beginning of a source.
  init(_ bytes: [UInt8]) {
    var position = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let behindMark = position
    var line = 1
    var lineStart = 0
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
      if bytes[position - 1] == 0x0A {
        line += 1
        lineStart = position
      }
    }
    first = position < bytes.count ? bytes[position] : nil
    if first == UInt8(ascii: "[") {
      (kind, start, self.line, self.lineStart) = (.array, position + 1, line, lineStart)
    } else {
      (kind, start, self.line, self.lineStart) = (.lines, behindMark, 1, 0)
    }
  }
}

extension Container {
  /// A cutter of its rows.
  func cutter(_ limits: JSONLimits) -> any RowCutter {
    kind == .array ? ArrayCutter(self, limits: limits) : LineCutter(from: start, limits: limits)
  }
}
