/// One immutable training example: an instruction and its answer, with an optional input, system message and
/// earlier turns.
///
/// Only training content: columns that an import brought along live in the record's origin, so the same content
/// is the same object whatever file it came in. An absent input and an empty one are the same pair; so for the
/// system message and the turns.
public struct Pair: Sendable {
  /// One message of a conversation before ``Pair/instruction``.
  public struct Turn: Sendable {
    /// Who speaks.
    public enum Role: String, Sendable, CaseIterable {
      case user, assistant, system
    }

    /// Who speaks.
    public var role: Role
    /// What is said.
    public var content: String

    /// A message.
    public init(role: Role, content: String) {
      self.role = role
      self.content = content
    }
  }

  /// The task, or the last message of the user.
  public var instruction: String
  /// What the task is to be done on, when it is not part of the instruction. Never empty.
  public let input: String?
  /// The answer a model is trained to give.
  public var output: String
  /// The system message. Never empty.
  public let system: String?
  /// Earlier messages, oldest first.
  public var turns: [Turn]

  /// A pair. An empty `input` or `system` counts as absent.
  public init(
    instruction: String, input: String? = nil, output: String, system: String? = nil, turns: [Turn] = []
  ) {
    self.instruction = instruction
    self.input = input.flatMap { $0.utf8.isEmpty ? nil : $0 }
    self.output = output
    self.system = system.flatMap { $0.utf8.isEmpty ? nil : $0 }
    self.turns = turns
  }
}

extension Pair {
  /// The canonical bytes (RFC 8785) that the pair's object id hashes:
  /// `{"input"?,"instruction","kind":"pair","output","system"?,"turns"?:[{"content","role"}],"v":1}`.
  public var canonicalBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(instruction.utf8.count + output.utf8.count + (input?.utf8.count ?? 0) + 96)
    if let input {
      CanonicalText.append("{\"input\":", to: &bytes)
      CanonicalText.appendString(input, to: &bytes)
      CanonicalText.append(",\"instruction\":", to: &bytes)
    } else {
      CanonicalText.append("{\"instruction\":", to: &bytes)
    }
    CanonicalText.appendString(instruction, to: &bytes)
    CanonicalText.append(",\"kind\":\"pair\",\"output\":", to: &bytes)
    CanonicalText.appendString(output, to: &bytes)
    if let system {
      CanonicalText.append(",\"system\":", to: &bytes)
      CanonicalText.appendString(system, to: &bytes)
    }
    if !turns.isEmpty {
      CanonicalText.append(",\"turns\":[", to: &bytes)
      for (position, turn) in turns.enumerated() {
        if position > 0 { bytes.append(UInt8(ascii: ",")) }
        CanonicalText.append("{\"content\":", to: &bytes)
        CanonicalText.appendString(turn.content, to: &bytes)
        CanonicalText.append(",\"role\":", to: &bytes)
        CanonicalText.appendString(turn.role.rawValue, to: &bytes)
        bytes.append(UInt8(ascii: "}"))
      }
      bytes.append(UInt8(ascii: "]"))
    }
    CanonicalText.append(",\"v\":1}", to: &bytes)
    return bytes
  }
}

extension Pair: Hashable {
  /// Pairs are equal when their strings are equal byte for byte: NFC and NFD spellings differ.
  public static func == (left: Pair, right: Pair) -> Bool {
    left.instruction.utf8.elementsEqual(right.instruction.utf8)
      && left.output.utf8.elementsEqual(right.output.utf8)
      && Self.equal(left.input, right.input) && Self.equal(left.system, right.system)
      && left.turns == right.turns
  }

  /// Feeds the instruction and the output to a hasher.
  public func hash(into hasher: inout Hasher) {
    for var text in [instruction, output] {
      text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
      hasher.combine(0xFF as UInt8)
    }
  }

  private static func equal(_ left: String?, _ right: String?) -> Bool {
    switch (left, right) {
    case (nil, nil): true
    case (let left?, let right?): left.utf8.elementsEqual(right.utf8)
    default: false
    }
  }
}

extension Pair.Turn: Equatable {
  /// Turns are equal when their contents are equal byte for byte.
  public static func == (left: Pair.Turn, right: Pair.Turn) -> Bool {
    left.role == right.role && left.content.utf8.elementsEqual(right.content.utf8)
  }
}
