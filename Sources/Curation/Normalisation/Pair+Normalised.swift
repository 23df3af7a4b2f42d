public import Records

/// A part of a pair that can be compared.
public enum PairField: String, Sendable, CaseIterable {
  case system, turns, instruction, input, output
}

extension Pair {
  /// The pair reduced to some fields; the others are empty.
  public func only(_ fields: Set<PairField>) -> Pair {
    Pair(
      instruction: fields.contains(.instruction) ? instruction : "",
      input: fields.contains(.input) ? input : nil, output: fields.contains(.output) ? output : "",
      system: fields.contains(.system) ? system : nil, turns: fields.contains(.turns) ? turns : [])
  }

  /// The pair with every text in its ``NormalForm``: equal for pairs that differ only in case, spacing and encoding.
  public var normalised: Pair {
    Pair(
      instruction: NormalForm.text(of: instruction), input: input.map(NormalForm.text),
      output: NormalForm.text(of: output), system: system.map(NormalForm.text),
      turns: turns.map { Turn(role: $0.role, content: NormalForm.text(of: $0.content)) })
  }
}
