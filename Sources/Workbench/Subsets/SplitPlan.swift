import History
import Objects
import Records

/// By what a record's part of a split is decided.
public enum SplitKey: Sendable, Equatable {
  /// Its task, so that near-copies of one task stay together.
  case task
  /// The record itself.
  case record
  /// A field: all records with the same value stay together. A record that has none goes by its task.
  case field(String)

  /// Reads `task`, `record` or the name of a field.
  public init(_ text: String) {
    switch text {
    case "task": self = .task
    case "record": self = .record
    default: self = .field(text)
    }
  }

  var text: String {
    switch self {
    case .task: "task"
    case .record: "record"
    case .field(let name): name
    }
  }
}

/// Which part of a split every record belongs to. Decided by a record alone: others that come or go move nothing.
struct SplitPlan {
  /// For each part how many records it has.
  private(set) var counts: [Int]
  /// For each part the records of the other parts, in ascending order.
  private(set) var removed: [[RecordID]]

  /// - Parameter shares: those of the parts, in order; together everything.
  init(_ commit: Commit, shares: [Share], by key: SplitKey, seed: UInt64, in workspace: Workspace) throws {
    counts = shares.map { _ in 0 }
    removed = shares.map { _ in [] }
    let bounds = Self.bounds(shares)
    let field: Facet? = if case .field(let name) = key { Facet(name) } else { nil }
    try field?.check(commit, in: workspace)
    try VersionScan(commit, in: workspace).run(
      making: { try SplitReader($0, key, field, seed: seed) },
      work: { reader, entry -> Int in
        let number = try reader.number(entry)
        return bounds.firstIndex { number < $0 } ?? bounds.count
      },
      take: { entry, part in
        counts[part] += 1
        for other in removed.indices where other != part { removed[other].append(entry.key) }
      })
    for part in removed.indices { removed[part].sort() }
  }

  /// Below which number a record is in each part but the last, or in one before it.
  static func bounds(_ shares: [Share]) -> [UInt64] {
    var sum: Share?
    return shares.dropLast().map { share in
      let total = sum?.adding(share) ?? share
      sum = total
      return total.bound ?? .max
    }
  }
}

/// Reads what decides about records, on one thread.
private final class SplitReader {
  private let reader: RecordReader
  private let hash: SeededHash
  private let key: SplitKey
  private let field: Facet?

  init(_ store: ObjectStore, _ key: SplitKey, _ field: Facet?, seed: UInt64) throws {
    reader = try RecordReader(store)
    hash = SeededHash("split", seed: seed)
    self.key = key
    self.field = field
  }

  func number(_ entry: TreeEntry) throws -> UInt64 {
    if key == .record { return hash.number(of: Array(entry.key.description.utf8)) }
    if let value = try field.flatMap({ try reader.origins.json(of: $0, entry) }) {
      return hash.number(of: value)
    }
    return hash.number(of: try reader.pair(entry).taskKey)
  }
}
