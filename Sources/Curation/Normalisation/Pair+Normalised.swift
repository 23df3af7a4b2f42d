public import Records

extension Pair {
  /// The pair with every text in its ``NormalForm``: equal for pairs that differ only in case, spacing and encoding.
  public var normalised: Pair {
    Pair(
      instruction: NormalForm.text(of: instruction), input: input.map(NormalForm.text),
      output: NormalForm.text(of: output), system: system.map(NormalForm.text),
      turns: turns.map { Turn(role: $0.role, content: NormalForm.text(of: $0.content)) })
  }
}
