public import Records

/// A pair as rules read it: the UTF-8 of each of its texts.
public struct RuleSubject: Sendable {
  /// The texts that exist, in the order system, turns, instruction, input, output. An empty instruction or output is
  /// there too.
  public let texts: [FieldText]
  /// The instruction.
  public let instruction: FieldText
  /// What the instruction is to be done on.
  public let input: FieldText?
  /// The answer.
  public let output: FieldText

  /// The texts of a pair.
  public init(_ pair: Pair) {
    instruction = FieldText(pair.instruction, .instruction)
    input = pair.input.map { FieldText($0, .input) }
    output = FieldText(pair.output, .output)
    var texts: [FieldText] = []
    if let system = pair.system { texts.append(FieldText(system, .system)) }
    for (index, turn) in pair.turns.enumerated() {
      texts.append(FieldText(turn.content, .turns, turn: index))
    }
    texts.append(instruction)
    if let input { texts.append(input) }
    texts.append(output)
    self.texts = texts
  }

  /// Marks what begins at some place of any text.
  /// - Parameter find: what begins at a byte of a text; nil for nothing.
  func marks(_ find: (FieldText, Int) -> Range<Int>?) -> [RuleMark] {
    texts.flatMap { text in
      text.bytes.indices.compactMap { place in find(text, place).map { RuleMark(text, span: $0) } }
    }
  }

  /// The instruction, the input and the output.
  var task: [FieldText] { [instruction] + (input.map { [$0] } ?? []) + [output] }
}

/// One text of a pair.
public struct FieldText: Sendable {
  /// The field that it is.
  public let field: PairField
  /// Which of the earlier turns it is.
  public let turn: Int?
  /// The text.
  public let string: String
  /// Its UTF-8.
  public let bytes: [UInt8]
  /// The same with ASCII letters in lower case.
  let lowered: [UInt8]

  /// A text.
  public init(_ string: String, _ field: PairField, turn: Int? = nil) {
    self.field = field
    self.turn = turn
    self.string = string
    bytes = Array(string.utf8)
    lowered = bytes.map { 0x41...0x5A ~= $0 ? $0 | 0x20 : $0 }
  }

  /// The byte at a place, and 0 before the beginning and after the end.
  @inline(__always)
  subscript(_ place: Int) -> UInt8 { bytes.indices.contains(place) ? bytes[place] : 0 }

  /// Whether a word could begin at a place: no letter or digit stands before it.
  func isWordStart(_ place: Int) -> Bool {
    self[place - 1] < 0x80 ? !ASCIIRun.isMember(self[place - 1]) : !isWord(scalar(before: place))
  }

  /// Whether a word could end before a place.
  func isWordEnd(_ place: Int) -> Bool {
    self[place] < 0x80 ? !ASCIIRun.isMember(self[place]) : !isWord(scalar(at: place))
  }

  /// The character that begins at a place within the text.
  private func scalar(at place: Int) -> UInt32 {
    bytes.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { UTF8Decoding.scalar($0, at: place, end: bytes.count).value } ?? 0
    }
  }

  /// The character that ends before a place; 0 at the beginning.
  func scalar(before place: Int) -> UInt32 {
    var start = place - 1
    while start > 0, place - start < 4, self[start] & 0xC0 == 0x80 { start -= 1 }
    return bytes.indices.contains(start) ? scalar(at: start) : 0
  }

  private func isWord(_ scalar: UInt32) -> Bool { ScalarProperties.shared[scalar].isWord }

  /// The ids of its tokens by `unicode-v1`: what rules count as words.
  var words: [UInt32] { words(within: bytes.count) }

  /// The ids of the tokens of its first bytes, of which the last may be cut short.
  func words(within count: Int) -> [UInt32] {
    var encoder = TokenEncoder(.unicode)
    var lists = TokenLists()
    bytes.prefix(count).withUnsafeBufferPointer { encoder.append($0, to: &lists) }
    return lists.ids
  }

  /// Its bytes without ASCII white space at either end.
  var trimmed: Range<Int> { trimmed(bytes.indices) }

  /// A part of it without ASCII white space at either end.
  func trimmed(_ part: Range<Int>) -> Range<Int> {
    var (start, end) = (part.lowerBound, part.upperBound)
    while start < end, Self.isSpace(self[start]) { start += 1 }
    while end > start, Self.isSpace(self[end - 1]) { end -= 1 }
    return start..<end
  }

  /// The lines that are not blank, without white space at either end.
  var lines: [Range<Int>] {
    var lines: [Range<Int>] = []
    var start = 0
    for place in 0...bytes.count where place == bytes.count || bytes[place] == 0x0A {
      let line = trimmed(start..<place)
      if !line.isEmpty { lines.append(line) }
      start = place + 1
    }
    return lines
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || 0x09...0x0D ~= byte }
  static func isDigit(_ byte: UInt8) -> Bool { 0x30...0x39 ~= byte }
  static func isLetter(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte | 0x20 }
}
