import History
import Objects
import Records

/// Takes back what was done last, does it again, or brings back the state after any operation. Itself an operation:
/// nothing is deleted, and it can be undone.
public struct UndoRequest: Sendable {
  /// What is asked for.
  public enum Action: Hashable, Sendable {
    /// Takes back the newest operation that is not undone.
    case undo
    /// Does again the one undone last.
    case redo
    /// Brings back what was so after the operation with this number.
    case restore(Int)
  }

  /// What is asked for.
  public var action: Action

  /// A request.
  public init(_ action: Action) { self.action = action }

  /// - Throws: ``Failure``; then nothing has changed.
  public func run(in session: Session) throws -> UndoResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let transaction = try workspace.begin(verb, verb)
      let plan = try transaction.plan(request)
      transaction.description = "\(verb) \(plan.operation.sequence): \(plan.operation.operation.description)"
      try transaction.perform(plan)
      let logged = try transaction.finish()
      let (undone, position) = try workspace.repository.operations.line()
      return UndoResult(
        operation: logged?.sequence,
        target: OperationSummary(plan.operation, undone: undone, position: position),
        references: try plan.movements.map { try Self.movement($0, workspace) },
        staged: plan.staging?.batches.count,
        returned: plan.returned.map(\.hex), retracted: plan.retracted.map(\.hex))
    }
  }

  private var verb: String {
    switch action {
    case .undo: "undo"
    case .redo: "redo"
    case .restore: "op restore"
    }
  }

  private var request: Reversal.Request {
    switch action {
    case .undo: .undo
    case .redo: .redo
    case .restore(let number): .restore(number)
    }
  }

  private static func movement(_ movement: Reversal.Movement, _ workspace: Workspace) throws -> MovedReference
  {
    func short(_ target: RefTarget?) throws -> String? {
      switch target {
      case .object(let id): try workspace.repository.git().shortHex(workspace.commit(under: id))
      case .reference(let name): name.short
      case nil: nil
      }
    }
    return MovedReference(
      name: movement.name.short, reference: movement.name.full, old: movement.old?.description,
      new: movement.new?.description, shortOld: try short(movement.old), shortNew: try short(movement.new))
  }
}

/// A reference that moved; nil stands for its absence.
public struct MovedReference: Sendable {
  /// Its short name, as users write it.
  public var name: String
  /// Its full name.
  public var reference: String
  /// Where it pointed: a commit or the object of an annotated tag in full, or for HEAD the full name of a branch.
  public var old: String?
  /// Where it points.
  public var new: String?
  /// The same for people.
  public var shortOld: String?
  /// The same for people.
  public var shortNew: String?
}

/// What an undo, a redo or a restoration did.
public struct UndoResult: Sendable {
  /// Number of the operation it is itself; nil when nothing had to change.
  public var operation: Int?
  /// The operation that was undone, redone or restored.
  public var target: OperationSummary
  /// The references that moved.
  public var references: [MovedReference]
  /// How many batches are staged now; nil when that did not change.
  public var staged: Int?
  /// Training runs that count again, in hex.
  public var returned: [String]
  /// Training runs that count no longer.
  public var retracted: [String]
}
