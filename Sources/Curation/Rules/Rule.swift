public import Records

/// A test that a pair can fail, under a name that filters record: the same name gives the same answer for ever.
///
/// Every rule takes time in proportion to the pair, and no text makes it trap.
public protocol Rule: Sendable {
  /// Its name and version, such as `empty-v1`.
  static var name: String { get }
  /// What failing it means unless a rule set says otherwise.
  static var severity: RuleFinding.Severity { get }
  /// The rule with its default parameters.
  init()
  /// The rule with parameters, as ``settings`` gives them; those that are not given have their defaults.
  init(reading settings: inout RuleSettings) throws(RuleSetFailure)
  /// The parameters that it was made with, in a fixed order; none for a rule that has none.
  var settings: [JSONMember] { get }
  /// The name that the user gave it; nil for ``name``.
  var givenName: String? { get }
  /// The places where a pair fails it, in the order of the fields and then of the bytes.
  func marks(in subject: RuleSubject) -> [RuleMark]
}

extension Rule {
  /// The rule, for one that has no parameters.
  public init(reading settings: inout RuleSettings) throws(RuleSetFailure) { self.init() }
  /// No parameters.
  public var settings: [JSONMember] { [] }
  /// No name of the user's.
  public var givenName: String? { nil }
}

/// A place where a pair fails a rule.
public struct RuleMark: Hashable, Sendable {
  /// The field.
  public let field: PairField
  /// Which of the earlier turns, from 0, when the field is `turns`.
  public let turn: Int?
  /// Bytes of the field's UTF-8, from one character's beginning to another's; nil when it is about the whole field.
  public let span: Range<Int>?
  /// What was measured, in the rule's unit.
  public let value: Double?

  /// A place in a text.
  public init(_ text: FieldText, span: Range<Int>? = nil, value: Double? = nil) {
    field = text.field
    turn = text.turn
    self.span = span
    self.value = value
  }
}

/// That a pair fails a rule, and where.
public struct RuleFinding: Hashable, Sendable {
  /// What becomes of a pair.
  public enum Severity: String, Sendable, CaseIterable {
    /// It is left out.
    case drop
    /// It stays, and somebody should look.
    case flag
  }

  /// The rule's name and version, or the name that the user gave it.
  public let rule: String
  /// What becomes of the pair.
  public let severity: Severity
  /// The place.
  public let mark: RuleMark
}
