public import Records

/// What undoing, redoing or restoring brings about, before it is done. Made with the repository's lock held.
public struct Reversal: Sendable {
  /// What is asked for.
  public enum Request: Hashable, Sendable {
    /// To take back the operation whose outcome the repository shows.
    case undo
    /// To do again what was last taken back.
    case redo
    /// To bring back all that was so after the operation with this number.
    case restore(Int)
  }

  /// A reference and its targets; nil stands for its absence.
  public struct Movement: Hashable, Sendable {
    /// The reference.
    public let name: RefName
    /// Where it points.
    public let old: RefTarget?
    /// Where it shall point.
    public let new: RefTarget?
  }

  /// The operation that is undone, redone or restored.
  public let operation: LoggedOperation
  /// How the log will say it; nil for a restoration, which is an operation of its own.
  public let reversal: Operation.Reversal?
  /// The references that move, in the order of their names.
  public let movements: [Movement]
  /// What is staged afterwards; nil when that does not change.
  public let staging: StagingState?
  /// Runs that count again.
  public let returned: [ObjectID]
  /// Runs that count no longer.
  public let retracted: [ObjectID]
  /// The lowest number of the operations whose outcome it takes back or brings again.
  public let reachesBackTo: Int

  /// Whether nothing would change.
  public var isEmpty: Bool {
    movements.isEmpty && staging == nil && returned.isEmpty && retracted.isEmpty
  }
}

extension Transaction {
  /// What a request brings about.
  ///
  /// - Throws: ``HistoryError/nothingToUndo``, ``HistoryError/nothingToRedo``, ``HistoryError/noOperation(_:newest:)``,
  ///   ``HistoryError/movedSince(_:_:)`` when another program changed what the operation had left,
  ///   ``HistoryError/expired(_:_:)`` when `gc` has dropped what it would bring back.
  public func plan(_ request: Reversal.Request) throws -> Reversal {
    let sequence = try repository.operations.sequence()
    let plan: Reversal
    switch request {
    case .undo:
      let position = try sequence.position()
      guard position > 0 else { throw HistoryError.nothingToUndo }
      plan = try reversal(of: sequence.operation(position), isUndo: true)
    case .redo:
      guard let number = try sequence.redoable() else { throw HistoryError.nothingToRedo }
      plan = try reversal(of: sequence.operation(number), isUndo: false)
    case .restore(let number):
      plan = try restoration(of: sequence.operation(number), in: sequence)
    }
    try Horizon(repository).check(plan)
    return plan
  }

  /// Carries a plan out when the transaction finishes.
  public func perform(_ plan: Reversal) throws {
    for movement in plan.movements { try restore(movement.name, to: movement.new) }
    if let staging = plan.staging { try setStaging(to: staging) }
    plan.returned.forEach(note)
    plan.retracted.forEach(retract)
    if let reversal = plan.reversal { reverse(reversal) }
  }

  /// One operation taken back or done again: what it touched must be as it left it, or as it found it.
  private func reversal(of logged: LoggedOperation, isUndo: Bool) throws -> Reversal {
    let operation = logged.operation
    var movements: [Reversal.Movement] = []
    for change in try ReferenceChanges(operation).effective {
      let (old, new) = isUndo ? (change.new, change.old) : (change.old, change.new)
      let found = try repository.git().target(of: change.name)
      guard found == old else { throw HistoryError.movedSince(logged.sequence, change.name.short) }
      movements.append(Reversal.Movement(name: change.name, old: old, new: new))
    }
    var staging: StagingState?
    if let change = operation.staging {
      let (old, new) = isUndo ? (change.after, change.before) : (change.before, change.after)
      guard try repository.staging.current().digest == old else {
        throw HistoryError.movedSince(logged.sequence, "what is staged")
      }
      staging = try stagingState(new, for: logged.sequence)
    }
    return Reversal(
      operation: logged, reversal: isUndo ? .undoes(logged.sequence) : .redoes(logged.sequence),
      movements: movements.sorted { $0.name < $1.name }, staging: staging,
      returned: isUndo ? operation.removed : operation.objects,
      retracted: isUndo ? operation.objects : operation.removed, reachesBackTo: logged.sequence)
  }

  /// Everything as it was after an operation: what no later operation touched is as it was anyway.
  private func restoration(of logged: LoggedOperation, in sequence: OperationSequence) throws -> Reversal {
    var targets: [RefName: RefTarget?] = [:]
    var staged: ContentDigest??
    var isListed: (now: [ObjectID: Bool], then: [ObjectID: Bool]) = ([:], [:])
    for number in stride(from: sequence.count, to: logged.sequence, by: -1) {
      let operation = try sequence.operation(number).operation
      for change in try ReferenceChanges(operation).effective { targets[change.name] = .some(change.old) }
      if let change = operation.staging { staged = .some(change.before) }
      for (objects, isAdded) in [(operation.objects, true), (operation.removed, false)] {
        for id in objects {
          if isListed.now[id] == nil { isListed.now[id] = isAdded }
          isListed.then[id] = !isAdded
        }
      }
    }
    var movements: [Reversal.Movement] = []
    for (name, target) in targets {
      let found = try repository.git().target(of: name)
      if found != target { movements.append(Reversal.Movement(name: name, old: found, new: target)) }
    }
    var staging: StagingState?
    if let staged, try repository.staging.current().digest != staged {
      staging = try stagingState(staged, for: logged.sequence)
    }
    let changed = isListed.then.filter { isListed.now[$0.key] != $0.value }
    return Reversal(
      operation: logged, reversal: nil, movements: movements.sorted { $0.name < $1.name }, staging: staging,
      returned: changed.filter(\.value).map(\.key).sorted(),
      retracted: changed.filter { !$0.value }.map(\.key).sorted(), reachesBackTo: logged.sequence + 1)
  }

  private func stagingState(_ digest: ContentDigest?, for number: Int) throws -> StagingState {
    if let digest, try !repository.staging.isKept(digest) {
      throw HistoryError.expired(number, "what was staged then")
    }
    return try repository.staging.state(digest)
  }
}
