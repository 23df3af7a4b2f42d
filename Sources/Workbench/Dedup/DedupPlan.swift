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
    if others.isEmpty {
      try self.init(of: source, request, session)
    } else {
      try self.init(of: source, without: others, request, session)
    }
  }

  /// Duplicates within what is looked at.
  private init(of source: PairSource, _ request: DedupRequest, _ session: Session) throws {
    let measure = request.measure
    let reach: DuplicateReach = request.link == .star ? .star : .chain
    let items: DedupItems
    let decisions: DuplicateDecisions
    if let (similarity, tokenizer) = try measure.similarity() {
      var encoder = TextEncoder(tokenizer)
      items = try DedupItems(of: source, measure.orderedFields, &encoder, session)
      guard case .words(let lists) = items.compared else { preconditionFailure("compared by words") }
      let everything = items.count > 0 ? [Array(0..<Int32(items.count))[...]] : []
      let ranks = try request.keep.ranks(of: items, everything, from: source, session)
      decisions = NGramJoin(lists, similarity: similarity, threads: session.threads).decisions(
        rank: ranks, reach: reach, dropsAll: request.dropsAll)
    } else {
      items = try DedupItems(of: source, measure, session)
      guard case .keys(let keys) = items.compared else { preconditionFailure("compared by keys") }
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
    self.items = items
    drops = decisions.drops.map { drop in
      Drop(
        item: drop.item, other: items.place(drop.other), otherItem: drop.other,
        rule: measure.rule(items.objects[drop.item], items.objects[drop.other]), score: drop.score)
    }
  }

  /// Items that are duplicates of what others have.
  private init(
    of source: PairSource, without others: [NamedSource], _ request: DedupRequest, _ session: Session
  ) throws {
    let measure = request.measure
    var encoder: TextEncoder?
    let similarity = try measure.similarity()
    if let similarity { encoder = TextEncoder(similarity.1) }
    func read(_ source: PairSource) throws -> DedupItems {
      guard var words = encoder else { return try DedupItems(of: source, measure, session) }
      defer { encoder = words }
      return try DedupItems(of: source, measure.orderedFields, &words, session)
    }
    let items = try read(source)
    var found: [Int: Drop] = [:]
    for other in others {
      let known = try read(other.source)
      for (item, twin, score) in Self.matches(of: items, in: known, similarity?.0, session)
      where found[item] == nil {
        let place = known.place(twin)
        let isFile = known.entries.isEmpty
        found[item] = Drop(
          item: item, other: isFile ? .other(file: other.name, row: twin + 1) : place,
          otherEntry: isFile ? nil : known.entries[twin],
          rule: measure.rule(items.objects[item], known.objects[twin]), score: score)
      }
    }
    self.items = items
    drops = found.values.sorted { $0.item < $1.item }
  }

  private static func matches(
    of items: DedupItems, in known: DedupItems, _ similarity: NGramSimilarity?, _ session: Session
  ) -> [(Int, Int, Double)] {
    switch (items.compared, known.compared) {
    case (.keys(let keys), .keys(let others)):
      keys.keys.enumerated().compactMap { item, key in others.first(with: key).map { (item, $0, 1) } }
    case (.words(let lists), .words(let others)):
      similarity.map { similarity in
        NGramMatches(lists, in: others, similarity: similarity, threads: session.threads).matches.map {
          ($0.item, $0.other, $0.score)
        }
      } ?? []
    default: []
    }
  }

  /// Writes why each record is dropped.
  func report(_ request: DedupRequest, minus others: [NamedSource], into pack: PackWriter) throws -> ObjectID
  {
    var writer = ReportWriter(pack)
    for drop in recordDrops {
      try writer.append(
        Reason(
          record: drop.record, decision: .drop, rule: drop.drop.rule, other: drop.drop.other.record,
          score: drop.drop.score))
    }
    return try writer.finish(verb: "dedup", settings: request.settings(minus: others))
  }

  /// The drops of a version, in the order of the records' ids.
  var recordDrops: [(record: RecordID, drop: Drop)] {
    drops.map { (items.entries[$0.item].key, $0) }.sorted { $0.0 < $1.0 }
  }
}

extension DedupRequest {
  /// What decided, for the report.
  fileprivate func settings(minus others: [NamedSource]) throws -> JSONValue {
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
