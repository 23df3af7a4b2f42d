import Curation
import History
import Objects
import Records

/// What a deduplication will drop: computed from versions, changing nothing.
struct DedupPlan {
  /// A record that is dropped, and the one that stays in its place.
  struct Drop {
    let entry: TreeEntry
    /// The record it is a duplicate of, which stays unless everything that is alike is dropped.
    let other: TreeEntry
    let rule: String
    let score: Double?
  }

  /// In the order of the records.
  let drops: [Drop]
  /// How many records of the version were compared.
  let records: Int

  /// Duplicates within a version.
  init(of commit: Commit, _ request: DedupRequest, in workspace: Workspace) throws {
    let measure = request.measure
    let records = try KeyedRecords(of: commit, measure, in: workspace)
    let groups = records.groups
    let ranks = try request.keep.ranks(of: records, groups, of: commit, in: workspace)
    var links: [DuplicateLink] = []
    for group in groups {
      guard let best = group.min(by: { ranks[Int($0)] < ranks[Int($1)] }) else { continue }
      for member in group where member != best {
        links.append(DuplicateLink(Int(best), Int(member), score: 1))
      }
    }
    let decisions = DuplicateDecisions(
      links: links, rank: ranks, reach: request.link == .star ? .star : .chain, dropsAll: request.dropsAll)
    self.records = records.entries.count
    drops = decisions.drops.map { drop in
      let (entry, other) = (records.entries[drop.item], records.entries[drop.other])
      return Drop(entry: entry, other: other, rule: measure.rule(entry, other), score: drop.score)
    }.sorted { $0.entry.key < $1.entry.key }
  }

  /// Records of a version that are duplicates of what other versions have.
  init(
    of commit: Commit, minus others: [Commit], _ request: DedupRequest, in workspace: Workspace
  ) throws {
    let measure = request.measure
    let records = try KeyedRecords(of: commit, measure, in: workspace)
    let known = try others.map { try KeyedRecords(of: $0, measure, in: workspace) }
    self.records = records.entries.count
    drops = zip(records.entries, records.keys).compactMap { entry, key in
      for other in known {
        if let twin = other.first(with: key) {
          return Drop(entry: entry, other: twin, rule: measure.rule(entry, twin), score: 1)
        }
      }
      return nil
    }.sorted { $0.entry.key < $1.entry.key }
  }

  /// Writes why each record is dropped.
  func report(_ request: DedupRequest, minus others: [Commit], into pack: PackWriter) throws -> ObjectID {
    var writer = ReportWriter(pack)
    for drop in drops {
      try writer.append(
        Reason(
          record: drop.entry.key, decision: .drop, rule: drop.rule, other: drop.other.key, score: drop.score))
    }
    return try writer.finish(verb: "dedup", settings: request.settings(minus: others))
  }
}

extension DedupRequest {
  /// What decided, for the report.
  fileprivate func settings(minus others: [Commit]) -> JSONValue {
    var members = [
      JSONMember("by", .string(measure.way.rawValue)),
      JSONMember("fields", .array(measure.fields.map(\.rawValue).sorted().map(JSONValue.string))),
    ]
    if measure.way == .normalised { members.append(JSONMember("form", .string(NormalForm.version))) }
    if others.isEmpty {
      members.append(JSONMember("keep", .string(dropsAll ? "none" : keep.name)))
      if case .bestScore(let name?) = keep { members.append(JSONMember("score", .string(name))) }
      members.append(JSONMember("link", .string(link.rawValue)))
    } else {
      members.append(JSONMember("minus", .array(others.map { .string($0.id.hex) })))
    }
    return .object(members)
  }
}
