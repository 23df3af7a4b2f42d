/// Cuts a text into the pieces that byte-pair merges never cross.
struct PreTokenizer: Sendable, Equatable {
  /// One step; each works on the pieces of the step before.
  enum Step: Sendable, Equatable {
    /// Isolates runs of numeric characters, or each of them when `individually`.
    case digits(individually: Bool)
    /// Isolates the matches of a pattern that matches everywhere.
    case split(SplitPattern)
    /// Isolates the matches of any expression; what lies between them is dropped unless `keepsRest`.
    case matches(SplitExpression, keepsRest: Bool)
    /// Puts a space before a piece that does not begin with one.
    case prefixSpace
    /// Writes spaces as markers, puts one in front, and cuts before each when `cuts`.
    case metaspace(SpaceMarker, prefix: SpaceMarker.Prefix, cuts: Bool)
  }

  /// The steps in their order.
  var steps: [Step]

  /// Calls `body` with each piece of valid UTF-8 `text`, in order; no piece is empty.
  ///
  /// `isStart` says whether `text` begins where the whole text does.
  @inline(__always)
  func forEachPiece(
    of text: UnsafeBufferPointer<UInt8>, isStart: Bool = true, _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    steps.withUnsafeBufferPointer { Self.run($0[...], on: text, isStart, body) }
  }

  private static func run(
    _ steps: Slice<UnsafeBufferPointer<Step>>, on text: UnsafeBufferPointer<UInt8>, _ isStart: Bool,
    _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    guard !text.isEmpty else { return }
    guard let step = steps.first else { return body(text) }
    let rest = steps.dropFirst()
    var isFirst = isStart
    func piece(_ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>) {
      let piece = UnsafeBufferPointer(rebasing: text[range])
      if rest.isEmpty { body(piece) } else { run(rest, on: piece, isFirst, body) }
      isFirst = false
    }
    switch step {
    case .split(let pattern):
      var start = 0
      while start < text.count {
        let end = pattern.matchEnd(in: text, from: start)
        piece(start..<end, of: text)
        start = end
      }
    case .matches(let expression, let keepsRest):
      var (start, position) = (0, 0)
      while position < text.count {
        if let end = expression.matchEnd(in: text, from: position) {
          if keepsRest, start < position { piece(start..<position, of: text) }
          piece(position..<end, of: text)
          (start, position) = (end, end)
        } else {
          position += 1
          while position < text.count, text[position] & 0xC0 == 0x80 { position += 1 }
        }
      }
      if keepsRest, start < position { piece(start..<position, of: text) }
    case .digits(let individually):
      cutDigits(text, individually: individually) { piece($0, of: text) }
    case .prefixSpace:
      if text[0] == UInt8(ascii: " ") { return run(rest, on: text, isStart, body) }
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count + 1) { spaced in
        spaced[0] = UInt8(ascii: " ")
        _ = UnsafeMutableBufferPointer(rebasing: spaced[1...]).update(fromContentsOf: text)
        run(rest, on: UnsafeBufferPointer(spaced), isStart, body)
      }
    case .metaspace(let marker, let prefix, let cuts):
      marker.marked(text, prefix: prefix, isStart: isStart).withUnsafeBufferPointer { marked in
        guard cuts else { return piece(0..<marked.count, of: marked) }
        marker.forEachWord(of: marked) { piece($0, of: marked) }
      }
    }
  }

  private static func cutDigits(
    _ text: UnsafeBufferPointer<UInt8>, individually: Bool, _ body: (Range<Int>) -> Void
  ) {
    var start = 0
    var position = 0
    var startIsNumber = false
    while position < text.count {
      let (isNumber, next) = ScalarClass.readNumeric(text, at: position)
      if position > start, isNumber != startIsNumber || (isNumber && individually) {
        body(start..<position)
        start = position
      }
      startIsNumber = isNumber
      position = next
    }
    body(start..<text.count)
  }
}
