/// A part of a pair.
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
}
