import History
import Objects
import Records

/// A version as queries read it: its batches in their order, and where each one's records begin in a checkout.
final class QueriedVersion {
  let commit: Commit
  let tree: SnapshotTree
  /// In their order.
  let batches: [ObjectID]
  private let places: [BatchPrefix: Int]
  private var startsKnown: [Int]?
  private var pairsKnown: PairCounts?

  init(_ commit: Commit, in workspace: Workspace) throws {
    self.commit = commit
    tree = workspace.tree(of: commit)
    batches = try workspace.batchIDs(of: commit)
    places = Dictionary(
      batches.enumerated().map { (BatchPrefix(of: $1), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The place of a batch among the version's, from 0.
  func place(of batch: BatchPrefix) -> Int? { places[batch] }

  /// How many records stand before each batch's, and at the end how many there are. Reads one node a level and batch.
  func starts() throws -> [Int] {
    if let startsKnown { return startsKnown }
    var starts = [0]
    for batch in batches {
      let range = RecordID.range(of: BatchPrefix(of: batch))
      let count = try tree.rank(of: range.upperBound) - tree.rank(of: range.lowerBound)
      starts.append((starts.last ?? 0) + count)
    }
    startsKnown = starts
    return starts
  }

  /// The place of a record in a checkout, from 1.
  func position(of record: RecordID) throws -> Int {
    guard let place = place(of: record.batch) else { throw foreign(record) }
    let first = RecordID.range(of: record.batch).lowerBound
    return try starts()[place] + tree.rank(of: record) - tree.rank(of: first) + 1
  }

  /// How many records have each pair, and the first of them.
  func pairs(_ watch: QueryWatch) throws -> PairCounts {
    if let pairsKnown { return pairsKnown }
    var counts = PairCounts()
    let walk = RecordWalk(self)
    while try walk.advance() { try counts.add(walk.entry.object, at: walk.ordinal, watch) }
    pairsKnown = counts
    return counts
  }

  func foreign(_ record: RecordID) -> Failure {
    Failure(
      .data, "the version `\(commit.id)` has the record `\(record)` of a batch that it does not list",
      hint: "the repository is damaged: restore `.mdata` from a copy")
  }
}

/// How often each pair occurs in a version: 24 bytes a pair, so that a million fit.
struct PairCounts {
  /// Half of an id: 128 bits, of which no two pairs have the same ones but by an attack on the hash.
  struct Key: Hashable {
    let high: UInt64
    let low: UInt64

    init(_ id: ObjectID) { (high, low) = (id.word0, id.word1) }

    func hash(into hasher: inout Hasher) { hasher.combine(high) }
  }

  private var found: [Key: (count: UInt32, first: UInt32)] = [:]

  mutating func add(_ pair: ObjectID, at ordinal: Int, _ watch: QueryWatch) throws {
    if ordinal & 0xfff == 0 { try watch.check() }
    found[Key(pair), default: (0, UInt32(clamping: ordinal))].count += 1
  }

  /// How many records have a pair, and the place in the walk of the first, from 1.
  subscript(_ pair: ObjectID) -> (count: UInt32, first: UInt32)? { found[Key(pair)] }
}

/// The versions that a query reads, by what it calls them.
final class QueryVersions {
  let workspace: Workspace
  private let current: QueriedVersion
  private var named: [[UInt8]: QueriedVersion] = [:]
  private var parts: [[UInt8]: Int] = [:]

  /// Versions kept: a query may go through all of history.
  private static let mostKept = 8

  /// - Parameter commit: the version of views that name none.
  init(_ commit: Commit, in workspace: Workspace) throws {
    self.workspace = workspace
    current = try QueriedVersion(commit, in: workspace)
  }

  /// The version of `--at`.
  var asked: QueriedVersion { current }

  /// The version that a parameter names; nil when it names none, because it is null.
  func version(_ parameter: QueryValue?) throws -> QueriedVersion? {
    switch parameter {
    case nil: return current
    case .text(let text):
      if let known = named[text] { return known }
      let commit = try workspace.resolve(String(decoding: text, as: UTF8.self))
      let version = commit.id == current.commit.id ? current : try QueriedVersion(commit, in: workspace)
      if named.count >= Self.mostKept { named.removeAll() }
      named[text] = version
      return version
    case .null: return nil
    default: throw Failure(.usage, "a version is named by a text", hint: "such as `records('v1')`")
    }
  }

  /// The part of row numbers that tells the versions of parameters apart.
  func part(_ parameters: QueryValue?...) -> Int {
    let key = parameters.flatMap { parameter -> [UInt8] in
      if case .text(let text)? = parameter { return [1] + text + [0] }
      return [0]
    }
    if let known = parts[key] { return known }
    parts[key] = parts.count
    return parts.count - 1
  }
}
