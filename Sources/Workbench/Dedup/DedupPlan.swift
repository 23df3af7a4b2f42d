import Curation
import History
import Objects
import Records

/// What a deduplication will drop: computed from what it reads, changing nothing.
struct DedupPlan {
  /// An item that is dropped, and the one that stays in its place.
  struct Drop {
    let item: Int
    /// What it is a duplicate of, which stays unless everything that is alike is dropped.
    let other: ItemPlace
    /// The same among the items, when it is one of them.
    var otherItem: Int?
    /// The same as a record of another version.
    var otherEntry: TreeEntry?
    let rule: String
    let score: Double?
  }

  /// What was looked at.
  let items: DedupItems
  /// In the order of the items.
  let drops: [Drop]

  init(of source: PairSource, minus others: [NamedSource], _ request: DedupRequest, _ session: Session) throws
  {
    let reading = try DedupReading(request.measure)
    items = try reading.items(of: source, session)
    drops =
      others.isEmpty
      ? try Self.within(items, request, from: source, session)
      : try DedupMinus(items, reading, session).drops(others)
  }

  /// Duplicates within what is looked at.
  private static func within(
    _ items: DedupItems, _ request: DedupRequest, from source: PairSource, _ session: Session
  ) throws -> [Drop] {
    let reach: DuplicateReach = request.link == .star ? .star : .chain
    let decisions: DuplicateDecisions
    func ranksOfAll() throws -> [Int] {
      let everything = items.count > 0 ? [Array(0..<Int32(items.count))[...]] : []
      return try request.keep.ranks(of: items, everything, from: source, session)
    }
    switch items.compared {
    case .words(let sets, let similarity, _):
      decisions = NGramJoin(sets, similarity: similarity, threads: session.threads).decisions(
        rank: try ranksOfAll(), reach: reach, dropsAll: request.dropsAll)
    case .sequences(let lists, let threshold, _):
      decisions = DuplicateDecisions(
        links: try RougeLJoin(lists, threshold: threshold, threads: session.threads).links,
        rank: try ranksOfAll(), reach: reach, dropsAll: request.dropsAll)
    case .keys(let keys, _):
      let groups = keys.groups
      let ranks = try request.keep.ranks(of: items, groups, from: source, session)
      var links: [DuplicateLink] = []
      for group in groups {
        guard let best = group.min(by: { ranks[Int($0)] < ranks[Int($1)] }) else { continue }
        for member in group where member != best {
          links.append(DuplicateLink(Int(best), Int(member), score: 1))
        }
      }
      decisions = DuplicateDecisions(links: links, rank: ranks, reach: reach, dropsAll: request.dropsAll)
    }
    return decisions.drops.map { drop in
      Drop(
        item: drop.item, other: items.place(drop.other), otherItem: drop.other,
        rule: request.measure.rule(isSame: items.isSame(drop.item, as: drop.other, of: items)),
        score: drop.score)
    }
  }

  /// The drops of a version, in the order of the records' ids.
  var recordDrops: [(record: RecordID, drop: Drop)] {
    drops.map { (items.entries[$0.item].key, $0) }.sorted { $0.0 < $1.0 }
  }

  /// Why each record of a version is dropped.
  var reasons: [Reason] {
    recordDrops.map { record, drop in
      Reason(
        record: record, decision: .drop, rule: drop.rule, other: drop.other.record, score: drop.score)
    }
  }
}

extension DedupRequest {
  /// What decided, for the report.
  func settings(minus others: [NamedSource]) throws -> JSONValue {
    var members = [
      JSONMember("by", .string(measure.way.rawValue)),
      JSONMember("fields", .array(measure.fields.map(\.rawValue).sorted().map(JSONValue.string))),
    ]
    if measure.way == .normalised { members.append(JSONMember("form", .string(NormalForm.version))) }
    if let nearness = measure.nearness, let (_, tokenizer) = try measure.similarity() {
      members += [
        JSONMember("similarity", .string(nearness.similarity.rawValue)),
        JSONMember("threshold", .number(nearness.threshold)), JSONMember("ngram", .integer(nearness.ngram)),
        JSONMember("tokenizer", .string(tokenizer.version)),
      ]
    }
    if let (threshold, tokenizer) = try measure.rougeL() {
      members += [
        JSONMember("threshold", .number(threshold)), JSONMember("tokenizer", .string(tokenizer.version)),
      ]
    }
    if others.isEmpty {
      members.append(JSONMember("keep", .string(dropsAll ? "none" : keep.name)))
      if case .bestScore(let name?) = keep { members.append(JSONMember("score", .string(name))) }
      members.append(JSONMember("link", .string(link.rawValue)))
    } else {
      members.append(JSONMember("minus", .array(others.map { .string($0.recordedName) })))
    }
    return .object(members)
  }
}
