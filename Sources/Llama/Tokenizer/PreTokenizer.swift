/// Cuts a text into the pieces that byte-pair merges never cross.
struct PreTokenizer: Sendable, Equatable {
  /// One step; each works on the pieces of the step before.
  enum Step: Sendable, Equatable {
    /// Isolates runs of numeric characters, or each of them when `individually`.
    case digits(individually: Bool)
    /// Isolates the matches of a pattern.
    case split(SplitPattern)
    /// Puts a space before a piece that does not begin with one.
    case prefixSpace
  }

  /// The steps in their order.
  var steps: [Step]

  /// Calls `body` with each piece of valid UTF-8 `text`, in order; no piece is empty.
  @inline(__always)
  func forEachPiece(of text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
    steps.withUnsafeBufferPointer { Self.run($0[...], on: text, body) }
  }

  private static func run(
    _ steps: Slice<UnsafeBufferPointer<Step>>, on text: UnsafeBufferPointer<UInt8>,
    _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    guard !text.isEmpty else { return }
    guard let step = steps.first else { return body(text) }
    let rest = steps.dropFirst()
    switch step {
    case .split(let pattern):
      var start = 0
      while start < text.count {
        let end = pattern.matchEnd(in: text, from: start)
        let piece = UnsafeBufferPointer(rebasing: text[start..<end])
        if rest.isEmpty { body(piece) } else { run(rest, on: piece, body) }
        start = end
      }
    case .digits(let individually):
      cutDigits(text, individually: individually) { run(rest, on: $0, body) }
    case .prefixSpace:
      if text[0] == UInt8(ascii: " ") { return run(rest, on: text, body) }
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count + 1) { spaced in
        spaced[0] = UInt8(ascii: " ")
        _ = UnsafeMutableBufferPointer(rebasing: spaced[1...]).update(fromContentsOf: text)
        run(rest, on: UnsafeBufferPointer(spaced), body)
      }
    }
  }

  private static func cutDigits(
    _ text: UnsafeBufferPointer<UInt8>, individually: Bool, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    var start = 0
    var position = 0
    var startIsNumber = false
    while position < text.count {
      let (isNumber, next) = ScalarClass.readNumeric(text, at: position)
      if position > start, isNumber != startIsNumber || (isNumber && individually) {
        body(UnsafeBufferPointer(rebasing: text[start..<position]))
        start = position
      }
      startIsNumber = isNumber
      position = next
    }
    body(UnsafeBufferPointer(rebasing: text[start...]))
  }
}
