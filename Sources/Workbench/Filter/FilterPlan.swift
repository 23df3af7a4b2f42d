import Curation
import History
import Objects
import Records

/// What a filter decides about each item: computed from what it reads, changing nothing.
struct FilterPlan {
  /// What was decided about an item.
  struct Decision {
    /// The rule that it falls under; nil when it stays.
    var rule: String?
    /// What the rule measured; of an item that stays its ROUGE-L with the nearest.
    var score: Double?
    var mean: Double?
    var nearest: ItemPlace?
    /// The same among the items, when it is one of them.
    var nearestItem: Int?
    /// What somebody should look at.
    var flags: [FilterFinding] = []
  }

  /// In the order of the items.
  private(set) var decisions: [Decision] = []
  /// The records of a version, in their order; empty for a file.
  private(set) var entries: [TreeEntry] = []
  /// The rule of items that are too much alike.
  static let rougeL = "rouge-l"

  /// - Parameter against: what items are compared with, and what stays whatever comes.
  init(
    _ settings: FilterSettings, of source: PairSource, against: [NamedSource],
    _ session: Session
  ) throws {
    let (tokenizer, rules, facet) = try settings.checked()
    let isCompared = settings.rougeL != nil
    let fields = settings.fields
    var encoder = TextEncoder(tokenizer)
    var texts = TokenTexts()
    var compared: [Int] = []
    let matches =
      try rules?.matches(in: source, timeLimit: settings.timeLimit, memoryLimit: settings.memoryLimit) ?? []
    // Neither comparing texts nor a condition needs the pair itself.
    let reading = rules.flatMap { $0.readsTexts ? $0 : nil }
    try source.read(
      session,
      work: { pair in
        Looked(
          findings: try reading?.findings(in: Pair(canonical: Array(pair.bytes))) ?? [],
          text: isCompared ? try ComparedText(of: pair, fields: fields, groupBy: facet) : nil)
      },
      take: { entry, looked in
        if let entry { entries.append(entry) }
        let found = rules?.found(looked.findings, at: decisions.count, matches) ?? []
        let drop = found.first { $0.severity == .drop }
        decisions.append(
          Decision(
            rule: drop?.rule, score: drop?.mark?.value, flags: found.filter { $0.severity == .flag }))
        // What falls under a rule keeps nothing else out.
        guard drop == nil, let text = looked.text else { return }
        encoder.append(text, to: &texts)
        compared.append(decisions.count - 1)
      })
    guard let threshold = settings.rougeL else { return }
    var known = KnownTexts()
    for other in against {
      try known.add(other.source, named: other.name, fields, facet, &encoder, session)
    }
    try compare(texts, at: compared, with: known, threshold, settings, session)
  }

  private struct Looked: Sendable {
    /// For each part of the rules.
    let findings: [[RuleFinding]]
    let text: ComparedText?
  }

  private mutating func compare(
    _ texts: TokenTexts, at places: [Int], with known: KnownTexts, _ threshold: Double,
    _ settings: FilterSettings,
    _ session: Session
  ) throws {
    let filter = try RougeLFilter(
      threshold: threshold, policy: settings.policy == .greedy ? .greedy : .isolated, threads: session.threads
    )
    let groups = settings.groupBy == nil ? nil : texts.groups
    let pools = try known.pools(grouped: groups != nil)
    let found = try filter.decisions(on: texts.lists, groups: groups, known: pools)
    func name(_ neighbour: RougeLNeighbour, _ decision: inout Decision) {
      decision.score = neighbour.score
      switch neighbour.item {
      case .known(let number): decision.nearest = known.places[number]
      case .new(let number):
        decision.nearestItem = places[number]
        decision.nearest = entries.isEmpty ? .row(places[number] + 1) : .record(entries[places[number]].key)
      }
    }
    for (number, decision) in found.enumerated() {
      guard let nearest = decision.nearest else { continue }
      decisions[places[number]].rule = Self.rougeL
      name(nearest, &decisions[places[number]])
    }
    guard settings.describesKept else { return }
    let scores = try filter.scores(
      of: texts.lists, decisions: found, groups: groups, known: pools, neighbours: 1, means: true)
    for (number, item) in places.enumerated() {
      decisions[item].mean = scores.means[number]
      guard decisions[item].rule == nil, let nearest = scores.nearest[number].first else { continue }
      name(nearest, &decisions[item])
    }
  }
}

/// What items are compared with beside each other.
private struct KnownTexts {
  private var texts: [TokenTexts] = []
  /// Where each of them stands, over all sources in their order.
  private(set) var places: [ItemPlace] = []

  mutating func add(
    _ source: PairSource, named name: String, _ fields: [PairField], _ facet: Facet?,
    _ encoder: inout TextEncoder,
    _ session: Session
  ) throws {
    var read = TokenTexts()
    try source.read(
      session, work: { try ComparedText(of: $0, fields: fields, groupBy: facet) },
      take: { entry, text in
        encoder.append(text, to: &read)
        places.append(entry.map { .record($0.key) } ?? .other(file: name, row: read.lists.count))
      })
    texts.append(read)
  }

  func pools(grouped: Bool) throws -> [RougeLPool] {
    try texts.map { try RougeLPool($0.lists, groups: grouped ? $0.groups : nil) }
  }
}
