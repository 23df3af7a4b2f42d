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
    /// The nearest of those that it was compared with, the nearest first; nil when they were not asked for.
    var mostSimilar: [Neighbour]?
    /// What somebody should look at.
    var flags: [FilterFinding] = []
  }

  /// What an item was compared with, and how alike the two are.
  struct Neighbour {
    let place: ItemPlace
    let score: Double
  }

  /// In the order of the items.
  private(set) var decisions: [Decision] = []
  /// The records of a version, in their order; empty for a file.
  private(set) var entries: [TreeEntry] = []
  /// The rule of items that are too much alike.
  static let rougeL = "rouge-l"

  /// - Parameters:
  ///   - against: what items are compared with, and what stays whatever comes.
  ///   - pool: what else they are compared with.
  init(
    _ settings: FilterSettings, of source: PairSource, against: [NamedSource], pool: RepositoryPool?,
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
    var known = KnownTexts(fields, facet, tokenizer)
    for other in against { try known.add(other, &encoder, session) }
    if let pool { try known.add(pool, &encoder) }
    texts.lists = known.aligned(with: texts.lists, of: encoder)
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
    let pools = try known.pools()
    let found = try filter.decisions(on: texts.lists, groups: groups, known: pools)
    func place(_ neighbour: RougeLNeighbour) -> ItemPlace {
      switch neighbour.item {
      case .known(let number): known.place(number)
      case .new(let number): entries.isEmpty ? .row(places[number] + 1) : .record(entries[places[number]].key)
      }
    }
    func name(_ neighbour: RougeLNeighbour, _ decision: inout Decision) {
      decision.score = neighbour.score
      decision.nearest = place(neighbour)
      if case .new(let number) = neighbour.item { decision.nearestItem = places[number] }
    }
    for (number, decision) in found.enumerated() {
      guard let nearest = decision.nearest else { continue }
      decisions[places[number]].rule = Self.rougeL
      name(nearest, &decisions[places[number]])
    }
    guard settings.describesKept else { return }
    let scores = try filter.scores(
      of: texts.lists, decisions: found, groups: groups, known: pools,
      neighbours: max(1, settings.neighbours),
      means: true)
    for (number, item) in places.enumerated() {
      decisions[item].mean = scores.means[number]
      if settings.neighbours > 0 {
        decisions[item].mostSimilar = scores.nearest[number].map {
          Neighbour(place: place($0), score: $0.score)
        }
      }
      guard decisions[item].rule == nil, let nearest = scores.nearest[number].first else { continue }
      name(nearest, &decisions[item])
    }
  }
}
