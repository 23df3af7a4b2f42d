/// Where the strings of a pair are in its canonical bytes: for code that must not make a `String` a field.
///
/// Each range is of a string's contents, between the quotes and still escaped as RFC 8785 says.
public struct PairFields: Sendable {
  /// One earlier message.
  public struct Turn: Sendable {
    /// Who speaks.
    public let role: Pair.Turn.Role
    /// What is said.
    public let content: Range<Int>
  }

  /// The task.
  public let instruction: Range<Int>
  /// The task's input; never an empty range.
  public let input: Range<Int>?
  /// The answer.
  public let output: Range<Int>
  /// The system message; never an empty range.
  public let system: Range<Int>?
  /// Earlier messages, oldest first.
  public let turns: [Turn]

  /// Finds the fields. The strings' UTF-8 is not checked.
  ///
  /// Throws an ``ObjectFormatError`` unless the bytes are exactly what ``Pair/canonicalBytes`` writes for some
  /// pair: a member that is unknown, out of order, empty where it should be absent or spelled otherwise is
  /// refused.
  public init(canonical bytes: UnsafeRawBufferPointer) throws(ObjectFormatError) {
    var scanner = CanonicalScanner(bytes)
    do {
      try scanner.expect("{")
      input = try scanner.optionalText("\"input\":")
      try scanner.expect("\"instruction\":")
      instruction = try scanner.string()
      try scanner.expect(",\"kind\":\"pair\",\"output\":")
      output = try scanner.string()
      try scanner.expect(",")
      system = try scanner.optionalText("\"system\":")
      turns = try scanner.skip("\"turns\":") ? scanner.turns() : []
      try scanner.expect("\"v\":1}")
      try scanner.expectEnd()
    } catch {
      throw ObjectFormatError(kind: "pair", .notCanonical(byte: error.byte))
    }
  }
}

extension Pair {
  /// Reads a pair from its canonical bytes, strictly: every pair has one spelling, so what this accepts
  /// ``canonicalBytes`` writes again byte for byte. Throws an ``ObjectFormatError``.
  public init(canonical bytes: UnsafeRawBufferPointer) throws(ObjectFormatError) {
    let fields = try PairFields(canonical: bytes)
    func text(_ range: Range<Int>) throws(ObjectFormatError) -> String {
      guard let text = CanonicalText.unescaped(UnsafeRawBufferPointer(rebasing: bytes[range])) else {
        throw ObjectFormatError(kind: "pair", .notCanonical(byte: range.lowerBound))
      }
      return text
    }
    instruction = try text(fields.instruction)
    output = try text(fields.output)
    if let range = fields.input { input = try text(range) } else { input = nil }
    if let range = fields.system { system = try text(range) } else { system = nil }
    turns = []
    for turn in fields.turns { turns.append(Turn(role: turn.role, content: try text(turn.content))) }
  }

  /// Reads a pair from its canonical bytes; see ``init(canonical:)-(UnsafeRawBufferPointer)``.
  public init(canonical bytes: [UInt8]) throws(ObjectFormatError) {
    let result = bytes.withUnsafeBytes { bytes in
      Result { () throws(ObjectFormatError) in try Pair(canonical: bytes) }
    }
    self = try result.get()
  }
}

extension CanonicalScanner {
  /// Passes a member that is absent or a string that is not empty, and the comma after it.
  fileprivate mutating func optionalText(_ name: StaticString) throws(Stop) -> Range<Int>? {
    guard skip(name) else { return nil }
    let range = try string()
    guard !range.isEmpty else { throw Stop(byte: range.lowerBound) }
    try expect(",")
    return range
  }

  /// Passes the turns and the comma after them.
  fileprivate mutating func turns() throws(Stop) -> [PairFields.Turn] {
    var turns: [PairFields.Turn] = []
    try array { (scanner) throws(Stop) in
      try scanner.expect("{\"content\":")
      let content = try scanner.string()
      try scanner.expect(",\"role\":")
      let role: Pair.Turn.Role
      if scanner.skip("\"user\"}") {
        role = .user
      } else if scanner.skip("\"assistant\"}") {
        role = .assistant
      } else {
        try scanner.expect("\"system\"}")
        role = .system
      }
      turns.append(PairFields.Turn(role: role, content: content))
    }
    guard !turns.isEmpty else { throw Stop(byte: position) }
    try expect(",")
    return turns
  }
}
