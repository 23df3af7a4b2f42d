import Curation
import History
import Records

/// Which of several duplicates stays.
public enum DedupPreference: Sendable, Hashable {
  /// The first in the order of the dataset.
  case first
  /// The one with the highest score; nil for the only score there is. Those without one come last.
  case bestScore(String?)
  /// The one with the longest answer, in bytes.
  case longest
  /// The one whose content came last.
  case newest

  /// How it is written.
  public var name: String {
    switch self {
    case .first: "first"
    case .bestScore: "best-score"
    case .longest: "longest"
    case .newest: "newest"
    }
  }
}

extension DedupPreference {
  /// For each record how much it is preferred, the smallest most: among equals the first. Only those in groups are
  /// looked at, since the others are compared with nobody.
  func ranks(
    of items: DedupItems, _ groups: [ArraySlice<Int32>], from source: PairSource, _ session: Session
  ) throws -> [Int] {
    var ranks = Array(0..<items.count)
    if case .first = self { return ranks }
    let worth =
      switch source {
      case .version(let commit, let workspace): try worths(items, groups, commit, workspace)
      case .file: try worths(ofRows: source, session)
      }
    let members = groups.joined().map(Int.init)
    let order = members.sorted { one, other in
      let (left, right) = (worth[one] ?? -.infinity, worth[other] ?? -.infinity)
      return left != right ? left > right : one < other
    }
    // The grouped records share out their own places: ranks stay different from all others.
    for (place, member) in zip(members.sorted(), order) { ranks[member] = place }
    return ranks
  }

  /// What the rows of a file are worth.
  private func worths(ofRows source: PairSource, _ session: Session) throws -> [Int: Double] {
    if case .bestScore = self {
      throw Failure(
        .usage, "the rows of a file have no scores yet",
        hint:
          "commit the file with `--column score.NAME=COLUMN`, or give its records scores with `mdata score`, and run this on the version"
      )
    }
    guard source.isRepeatable(session) else {
      throw Failure(.usage, "a pipe cannot be read a second time", hint: "give the name of a file")
    }
    let isNewest = self == .newest
    var worths: [Int: Double] = [:]
    try source.read(
      session, work: { isNewest ? 0 : Double(try $0.text(of: [.output]).count) },
      take: { worths[worths.count] = isNewest ? Double(worths.count) : $1 })
    return worths
  }

  private func worths(
    _ records: DedupItems, _ groups: [ArraySlice<Int32>], _ commit: Commit, _ workspace: Workspace
  ) throws -> [Int: Double] {
    let reader = try RecordReader(workspace.store)
    var worths: [Int: Double] = [:]
    switch self {
    case .first: break
    case .longest:
      for member in groups.joined() {
        worths[Int(member)] = Double(try reader.pair(records.entries[Int(member)]).output.utf8.count)
      }
    case .newest:
      var places: [BatchPrefix: Int] = [:]
      for (place, id) in try workspace.batchIDs(of: commit).enumerated() {
        places[BatchPrefix(of: id)] = place
      }
      for member in groups.joined() {
        let origin = records.entries[Int(member)].origin
        worths[Int(member)] = Double(places[origin.batch] ?? -1) * 0x1p32 + Double(origin.row)
      }
    case .bestScore(let wanted):
      var names: Set<String> = []
      for member in groups.joined() {
        for score in try reader.origins.provenance(records.entries[Int(member)]).scores {
          names.insert(score.name)
          if let wanted, !score.name.utf8.elementsEqual(wanted.utf8) { continue }
          worths[Int(member)] = score.value
        }
      }
      try Self.check(wanted, names)
    }
    return worths
  }

  /// - Throws: ``Failure`` of kind `usage` when it is not clear which score is meant.
  private static func check(_ wanted: String?, _ names: Set<String>) throws {
    let list = names.sorted().map { "`\($0)`" }.joined(separator: ", ")
    if let wanted {
      guard !names.contains(where: { $0.utf8.elementsEqual(wanted.utf8) }), !names.isEmpty else { return }
      throw Failure(.usage, "none of the duplicates has a score `\(wanted)`", hint: "they have \(list)")
    }
    guard names.count > 1 else { return }
    throw Failure(
      .usage, "the duplicates have several scores: \(list)", hint: "say which one counts: `--score NAME`")
  }
}
