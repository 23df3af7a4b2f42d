import History
import Objects
import Records

/// What a selection comes to in one version.
struct SelectionPlan {
  /// Records with one value of the field that is told apart.
  struct Group {
    /// The value as canonical JSON; nil for records that have none.
    let value: [UInt8]?
    /// Records that satisfy the condition.
    var records: Int
    /// Records that were chosen.
    var chosen = 0
  }

  /// The records that are left out, in ascending order.
  private(set) var removed: [RecordID] = []
  /// How many stay.
  private(set) var kept = 0
  /// The groups, largest first; empty when no field tells records apart.
  private(set) var groups: [Group] = []

  /// More values than these tell records apart and not groups.
  private static let mostGroups = 100_000

  init(_ selection: Selection, _ commit: Commit, in workspace: Workspace) throws {
    let matches = try selection.condition.map {
      try ConditionScan.matches(
        $0, commit, timeLimit: selection.timeLimit, memoryLimit: selection.memoryLimit, in: workspace)
    }
    var candidates = Candidates()
    var others: [RecordID] = []
    let reading = try Reading(selection, commit, in: workspace)
    var place = 0
    try VersionScan(commit, in: workspace).run(
      making: { try CandidateReader($0, reading) },
      work: { reader, entry in try reader.candidate(entry) },
      take: { entry, candidate in
        defer { place += 1 }
        guard matches.map({ place < $0.count && $0[place] }) ?? true else { return others.append(entry.key) }
        try candidates.add(entry.key, candidate, mostGroups: Self.mostGroups, selection.field)
      })
    let chosen = candidates.chosen(selection.choice)
    groups = candidates.groups(chosen)
    for place in candidates.records.indices where chosen[place] == selection.isInverted {
      removed.append(candidates.records[place])
    }
    if !selection.isInverted { removed += others }
    removed.sort()
    kept = commit.dataset.records - removed.count
  }

  /// What is read of each record.
  fileprivate struct Reading: Sendable {
    let field: Facet?
    /// The seed of the numbers by which records are chosen; nil when none are needed.
    let seed: UInt64?

    init(_ selection: Selection, _ commit: Commit, in workspace: Workspace) throws {
      field = selection.field.map(Facet.init)
      try field?.check(commit, in: workspace)
      seed = selection.choice == .all ? nil : selection.seed
    }
  }
}

/// A record that may be chosen.
private struct Candidate: Sendable {
  /// Where it stands in the order of chance.
  let number: UInt64
  let value: [UInt8]?
}

private final class CandidateReader {
  private let origins: OriginReader
  private let field: Facet?
  private let hash: SeededHash?

  init(_ store: ObjectStore, _ reading: SelectionPlan.Reading) throws {
    origins = try OriginReader(store)
    field = reading.field
    hash = reading.seed.map { SeededHash("sample", seed: $0) }
  }

  func candidate(_ entry: TreeEntry) throws -> Candidate {
    Candidate(
      number: hash?.number(of: Array(entry.key.description.utf8)) ?? 0,
      value: try field.flatMap { try origins.json(of: $0, entry) })
  }
}

/// The records that may be chosen, each with its group.
private struct Candidates {
  private(set) var records: [RecordID] = []
  private var numbers: [UInt64] = []
  private var groupOf: [UInt32] = []
  private var places: [[UInt8]?: UInt32] = [:]
  private var values: [[UInt8]?] = []
  private var sizes: [Int] = []

  mutating func add(
    _ record: RecordID, _ candidate: Candidate, mostGroups: Int, _ field: String?
  ) throws {
    let group: UInt32
    if let known = places[candidate.value] {
      group = known
    } else {
      guard values.count < mostGroups else {
        throw Failure(
          .usage, "`\(field ?? "")` has more than \(mostGroups) different values",
          hint: "take a field that many records share, such as a topic")
      }
      group = UInt32(values.count)
      places[candidate.value] = group
      values.append(candidate.value)
      sizes.append(0)
    }
    sizes[Int(group)] += 1
    records.append(record)
    numbers.append(candidate.number)
    groupOf.append(group)
  }

  /// Whether each candidate is chosen. Chance decides by numbers that follow from the seed and the record alone; of two
  /// equal ones by the record.
  func chosen(_ choice: Selection.Choice) -> [Bool] {
    let quotas: [Int]
    switch choice {
    case .all: return [Bool](repeating: true, count: records.count)
    case .sample(let amount, _): quotas = shared(min(records.count, amount.of(records.count)))
    case .balance(_, let max):
      let most = max ?? sizes.min() ?? 0
      quotas = sizes.map { min($0, most) }
    }
    var taken = [Int](repeating: 0, count: sizes.count)
    var chosen = [Bool](repeating: false, count: records.count)
    let order = records.indices.sorted {
      numbers[$0] != numbers[$1] ? numbers[$0] < numbers[$1] : records[$0] < records[$1]
    }
    for place in order {
      let group = Int(groupOf[place])
      guard taken[group] < quotas[group] else { continue }
      taken[group] += 1
      chosen[place] = true
    }
    return chosen
  }

  /// So many records divided among the groups by their size: each gets its part rounded down, and what is left goes to
  /// those with the largest remainders, of equal ones to the value that comes first (the method of Hamilton).
  private func shared(_ wanted: Int) -> [Int] {
    guard records.count > 0 else { return sizes }
    var parts = sizes.map { records.count.dividingFullWidth(wanted.multipliedFullWidth(by: $0)) }
    let left = wanted - parts.reduce(0) { $0 + $1.quotient }
    let order = parts.indices.sorted {
      parts[$0].remainder != parts[$1].remainder
        ? parts[$0].remainder > parts[$1].remainder : Self.precedes(values[$0], values[$1])
    }
    for group in order.prefix(left) { parts[group].quotient += 1 }
    return parts.map(\.quotient)
  }

  func groups(_ chosen: [Bool]) -> [SelectionPlan.Group] {
    guard values.count > 1 || values.first.map({ $0 != nil }) == true else { return [] }
    var groups = values.indices.map { SelectionPlan.Group(value: values[$0], records: sizes[$0]) }
    for place in chosen.indices where chosen[place] { groups[Int(groupOf[place])].chosen += 1 }
    return groups.sorted {
      $0.records != $1.records ? $0.records > $1.records : Self.precedes($0.value, $1.value)
    }
  }

  /// Values by their bytes; none comes last.
  private static func precedes(_ left: [UInt8]?, _ right: [UInt8]?) -> Bool {
    guard let left else { return false }
    guard let right else { return true }
    return left.lexicographicallyPrecedes(right)
  }
}
