import History
import Records

/// An operation: what one verb changed.
public struct OperationSummary: Sendable {
  /// Its number in the log, from 1.
  public var number: Int
  /// Digest of its file, in hex.
  public var digest: String
  /// When it was done, in seconds since 1970.
  public var time: String
  /// The verb.
  public var verb: String
  /// One line for people.
  public var description: String
  /// Whether it is undone at this moment.
  public var isUndone: Bool
  /// Whether it is the one whose outcome the repository shows: what `undo` takes back.
  public var isCurrent: Bool

  init(_ logged: LoggedOperation, undone: Set<Int>, position: Int) {
    number = logged.sequence
    digest = logged.digest.hex
    time = logged.operation.time.text
    verb = logged.operation.verb
    description = logged.operation.description
    isUndone = undone.contains(logged.sequence)
    isCurrent = logged.sequence == position
  }
}

/// Lists what was done, newest first.
public struct OperationsRequest: Sendable {
  /// At most this many; nil for all.
  public var limit: Int?

  /// A request.
  public init(limit: Int? = nil) { self.limit = limit }

  /// - Throws: ``Failure``.
  public func run(in session: Session) throws -> [OperationSummary] {
    try Failure.wrapping {
      if let limit, limit < 0 {
        throw Failure(.usage, "`--limit` cannot be negative", hint: "give a number from 0")
      }
      let log = try Workspace(session).repository.operations
      let (undone, position) = try log.line()
      return try log.list(limit: limit).map { OperationSummary($0, undone: undone, position: position) }
    }
  }
}
