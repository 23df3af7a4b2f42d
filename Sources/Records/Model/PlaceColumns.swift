/// Where the rows of an origins chunk under construction stand in their source file.
struct PlaceColumns: Sendable {
  private var lines: [Int] = []
  private var bytes: [Int] = []
  private var lengths: [Int] = []
  /// Set once a row without a place was appended: the chunk then has no places.
  private var isClosed = false

  mutating func append(line: Int, byte: Int, length: Int) {
    guard !isClosed else { return }
    lines.append(line)
    bytes.append(byte)
    lengths.append(length)
  }

  mutating func close() { isClosed = true }

  mutating func removeAll() {
    isClosed = false
    lines.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
  }

  /// Appends the member `place` with a comma before it, or nothing when there are no places.
  ///
  /// Between one row and the next, the line usually grows by one and one byte (the line end) separates them: only
  /// other steps (`lines`) and other separations (`gap` when all are equal, else `gaps`) are written.
  func write(to output: inout [UInt8]) {
    guard !isClosed, let line = lines.first, let byte = bytes.first else { return }
    let following = lines.indices.dropFirst()
    CanonicalText.append(",\"place\":{\"byte\":", to: &output)
    CanonicalText.appendInteger(byte, to: &output)
    if let next = following.first {
      let gap = gap(before: next)
      if following.allSatisfy({ self.gap(before: $0) == gap }) {
        if gap != 1 {
          CanonicalText.append(",\"gap\":", to: &output)
          CanonicalText.appendInteger(gap, to: &output)
        }
      } else {
        CanonicalText.append(",\"gaps\":", to: &output)
        CanonicalText.appendIntegers(following.lazy.map { self.gap(before: $0) }, to: &output)
      }
    }
    CanonicalText.append(",\"lengths\":", to: &output)
    CanonicalText.appendIntegers(lengths, to: &output)
    CanonicalText.append(",\"line\":", to: &output)
    CanonicalText.appendInteger(line, to: &output)
    if !following.allSatisfy({ lines[$0] - lines[$0 - 1] == 1 }) {
      CanonicalText.append(",\"lines\":", to: &output)
      CanonicalText.appendIntegers(following.lazy.map { lines[$0] - lines[$0 - 1] }, to: &output)
    }
    CanonicalText.append("}", to: &output)
  }

  private func gap(before row: Int) -> Int { bytes[row] - bytes[row - 1] - lengths[row - 1] }
}
