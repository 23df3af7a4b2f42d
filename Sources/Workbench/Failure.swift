/// Why a verb could not do what was asked, in the words a user sees.
///
/// A failure changes nothing: the repository is as it was before the verb.
public struct Failure: Error, CustomStringConvertible {
  /// The kinds decide the exit code (after sysexits.h), which scripts rely on.
  public enum Kind: Int32, Sendable {
    /// "No" as an answer: differences found, a gate not met.
    case no = 1
    /// Failed for another reason.
    case other = 2
    /// The command line is wrong.
    case usage = 64
    /// The data given is wrong.
    case data = 65
    /// No such repository, revision, record or file.
    case missing = 66
    /// A server could not be reached or answered badly.
    case unavailable = 69
    /// A defect of mdata.
    case internalError = 70
    /// The disk: full, or failing.
    case io = 74
    /// Somebody else is writing.
    case busy = 75
    /// Not permitted.
    case denied = 77
    /// A setting is wrong.
    case configuration = 78
    /// The user interrupted.
    case interrupted = 130
  }

  /// Decides the exit code.
  public var kind: Kind
  /// What failed, one sentence without a full stop after ids.
  public var message: String
  /// What lies behind it, outermost first.
  public var causes: [String]
  /// What to do next, each a sentence or a command in backticks.
  public var hints: [String]

  /// A failure.
  public init(_ kind: Kind, _ message: String, causes: [String] = [], hint: String...) {
    self.kind = kind
    self.message = message
    self.causes = causes
    hints = hint
  }

  /// The same with hints made elsewhere.
  init(_ kind: Kind, _ message: String, causes: [String], hints: [String]) {
    self.init(kind, message, causes: causes)
    self.hints = hints
  }

  public var description: String { message }

  /// The same failure with one more hint.
  public func hinting(_ hint: String) -> Failure {
    var copy = self
    copy.hints.append(hint)
    return copy
  }
}
