import History
import Records

/// Which changes of a diff are wanted: those that meet every part of it.
public struct DiffFilter: Sendable {
  /// A value that a record must have in one of the two versions.
  public struct Condition: Sendable {
    /// What must have it.
    public var facet: Facet
    /// The value, compared byte for byte; of a batch the first digits. Empty: nothing must be known.
    public var value: String

    /// A condition.
    public init(_ facet: Facet, _ value: String) {
      self.facet = facet
      self.value = value
    }
  }

  /// The kinds of change; empty for all.
  public var kinds: [RecordChange.Kind] = []
  /// All must hold.
  public var conditions: [Condition] = []
  /// Names of fields and columns of which an edit must touch one; empty for any change.
  public var fields: [String] = []

  /// Takes every change.
  public init() {}

  /// The kinds that can be left over; nil for all. Only an edit touches a field.
  var wantedKinds: Set<RecordDelta.Kind>? {
    var wanted = kinds.isEmpty ? nil : Set(kinds.map(\.delta))
    if !fields.isEmpty { wanted = (wanted ?? Set(RecordDelta.Kind.allCases)).intersection([.edited]) }
    return wanted
  }

  /// Whether a change's origins or contents must be read to decide.
  var needsReading: Bool { !fields.isEmpty || conditions.contains { !$0.facet.isOfBatch } }

  /// Whether a change meets the conditions of its rows.
  func holds(for delta: RecordDelta, _ origins: OriginReader) throws -> Bool {
    for condition in conditions where !condition.facet.isOfBatch {
      let sides = [delta.old, delta.new].compactMap { $0 }
      let isMet = try sides.contains { entry in
        (try origins.value(of: condition.facet, entry) ?? "").utf8.elementsEqual(condition.value.utf8)
      }
      if !isMet { return false }
    }
    return true
  }
}

extension RecordChange.Kind {
  var delta: RecordDelta.Kind {
    switch self {
    case .added: .added
    case .edited: .edited
    case .removed: .removed
    }
  }
}

/// The changes between two versions that a filter can choose without reading them, in the order of their records.
struct SelectedDeltas {
  private let conditions: [DiffFilter.Condition]
  private let workspace: Workspace
  private var deltas: TreeDiff
  /// The batch of the last change, and whether its changes are wanted.
  private var last: (batch: BatchPrefix, isWanted: Bool)?

  /// - Throws: ``Failure`` when a condition names a batch that does not exist.
  init(_ deltas: TreeDiff, _ filter: DiffFilter, _ workspace: Workspace) throws {
    self.deltas = deltas
    self.deltas.kinds = filter.wantedKinds
    self.workspace = workspace
    conditions = try filter.conditions.filter(\.facet.isOfBatch).map { condition in
      guard case .batch = condition.facet else { return condition }
      return DiffFilter.Condition(.batch, try workspace.batch(named: condition.value).hex)
    }
  }

  mutating func next() throws -> RecordDelta? {
    while let delta = try deltas.next() {
      if conditions.isEmpty { return delta }
      let batch = delta.record.batch
      if last?.batch != batch { last = (batch, try isWanted(batch)) }
      if last?.isWanted == true { return delta }
    }
    return nil
  }

  private func isWanted(_ batch: BatchPrefix) throws -> Bool {
    try conditions.allSatisfy { condition in
      if case .batch = condition.facet { return batch.hex == condition.value }
      return (try workspace.batch(batch).source?.name ?? "").utf8.elementsEqual(condition.value.utf8)
    }
  }
}
