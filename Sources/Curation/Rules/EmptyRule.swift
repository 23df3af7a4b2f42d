/// `empty-v1`: an instruction or an answer without any visible character.
///
/// White space, control characters and what is ignorable by default, such as a zero-width space, cannot be seen.
public struct EmptyRule: Rule {
  public static let name = "empty-v1"
  public static let severity = RuleFinding.Severity.drop

  /// The rule.
  public init() {}

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    [subject.instruction, subject.output].filter { !$0.string.unicodeScalars.contains(where: isVisible) }
      .map { RuleMark($0) }
  }

  private func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    let properties = scalar.properties
    return !properties.isWhitespace && !properties.isDefaultIgnorableCodePoint
      && properties.generalCategory != .control && properties.generalCategory != .format
  }
}
