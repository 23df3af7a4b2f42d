import History
import Objects
public import Records

/// Which records of a version are meant.
public struct Selection: Sendable {
  /// How many of those that satisfy the condition.
  public enum Choice: Sendable, Equatable {
    case all
    /// So many, chosen by chance; with a field, from each of its values as large a part.
    case sample(Amount, stratify: String?)
    /// At most so many with each value of a field, chosen by chance; without a number, as many as the rarest value has.
    case balance(String, max: Int?)
  }

  /// A condition in SQL over the columns of the view `records`; nil for every record.
  public var condition: String?
  /// How many.
  public var choice: Choice
  /// What chance is made of.
  public var seed: UInt64
  /// Whether the others are meant.
  public var isInverted: Bool
  /// Seconds that the condition may take.
  public var timeLimit: Double
  /// Bytes that SQLite may take from now on in this process; nil for no limit.
  public var memoryLimit: Int?

  /// A selection.
  public init(
    condition: String? = nil, choice: Choice = .all, seed: UInt64 = 0, isInverted: Bool = false,
    timeLimit: Double = 60, memoryLimit: Int? = nil
  ) {
    self.condition = condition
    self.choice = choice
    self.seed = seed
    self.isInverted = isInverted
    self.timeLimit = timeLimit
    self.memoryLimit = memoryLimit
  }

  /// The field whose values are told apart.
  var field: String? {
    switch choice {
    case .all: nil
    case .sample(_, let field): field
    case .balance(let field, _): field
    }
  }

  /// What it is, in a clause.
  var summary: String {
    var parts: [String] = []
    if let condition { parts.append("where \(condition.split { $0.isWhitespace }.joined(separator: " "))") }
    switch choice {
    case .all: break
    case .sample(let amount, let field):
      parts.append("a sample of \(amount.text)" + (field.map { " stratified by \($0)" } ?? ""))
    case .balance(let field, let max):
      parts.append("balanced by \(field)" + (max.map { ", at most \($0)" } ?? ""))
    }
    return (isInverted ? "all but " : "") + parts.joined(separator: ", ")
  }

  func reason(of commit: Commit) -> SubsetReason {
    var reason = SubsetReason("select", of: commit)
    reason.add("where", condition)
    switch choice {
    case .all: break
    case .sample(let amount, let field):
      reason.add("sample", amount.text)
      reason.add("stratify", field)
    case .balance(let field, let max):
      reason.add("balance", field)
      reason.add("max", max.map { "\($0)" })
    }
    reason.add("seed", choice == .all ? nil : "\(seed)")
    reason.add("invert", isInverted ? "true" : nil)
    return reason
  }
}
