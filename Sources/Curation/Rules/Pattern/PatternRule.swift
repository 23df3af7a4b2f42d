public import Records

/// `pattern-v1`: a text in which a user's regular expression matches. The span is the leftmost match. See ``TextPattern``
/// for what can be written.
public struct PatternRule: Rule {
  public static let name = "pattern-v1"
  public static let severity = RuleFinding.Severity.drop

  private let pattern: TextPattern?
  private let fields: Set<PairField>
  public let givenName: String?

  /// The rule without an expression, which finds nothing.
  public init() {
    pattern = nil
    fields = []
    givenName = nil
  }

  /// - Parameters:
  ///   - fields: where it is looked for.
  ///   - name: what filters call it.
  public init(
    _ pattern: TextPattern, in fields: Set<PairField> = [.instruction, .input, .output], name: String? = nil
  ) {
    self.pattern = pattern
    self.fields = fields
    givenName = name
  }

  public init(reading settings: inout RuleSettings) throws(RuleSetFailure) {
    let name = try settings.givenName()
    let fields = try settings.choices("fields", PairField.self)
    guard let text = try settings.string("pattern") else {
      self.init()
      return
    }
    do throws(TextPattern.Failure) {
      let pattern = try TextPattern(text)
      self.init(pattern, in: fields.map { Set($0) } ?? [.instruction, .input, .output], name: name)
    } catch {
      throw .invalidSetting(
        rule: Self.name, setting: "pattern",
        expected: "a regular expression; this one \(error.reason) (character \(error.place))")
    }
  }

  public var settings: [JSONMember] {
    guard let pattern else { return [] }
    return (givenName.map { [JSONMember("name", .string($0))] } ?? []) + [
      JSONMember("pattern", .string(pattern.pattern)),
      JSONMember("fields", .array(PairField.allCases.filter(fields.contains).map { .string($0.rawValue) })),
    ]
  }

  public func marks(in subject: RuleSubject) -> [RuleMark] {
    guard let pattern else { return [] }
    return subject.texts.filter { fields.contains($0.field) }.compactMap { text in
      pattern.firstMatch(in: text.bytes).map { RuleMark(text, span: $0) }
    }
  }
}
