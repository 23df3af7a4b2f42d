import Curation
import History
import Objects
import Records

/// Leaves out what is too much like the rest, or what breaks a rule.
public struct FilterRequest: Sendable {
  /// A file, or a version; without ``dryRun`` a version must be a branch, which gets the new one.
  public var source: String
  /// Versions and files that items are compared with.
  public var against: [String]
  /// What decides.
  public var settings: FilterSettings
  /// A file for one line an item; nil for none.
  public var report: String?
  /// The commit's message; nil for one that says how many.
  public var message: String?
  /// Whether to plan only.
  public var dryRun: Bool
  /// Which items that are left out the result shows with their texts.
  public var examples: Examples

  /// Items that are shown: at most so many.
  public enum Examples: Sendable {
    /// The first.
    case first(Int)
    /// Those that are most like another.
    case closest(Int)
  }

  /// A request.
  public init(
    source: String, against: [String] = [], settings: FilterSettings, report: String? = nil,
    message: String? = nil,
    dryRun: Bool = false, examples: Examples = .first(0)
  ) {
    self.source = source
    self.against = against
    self.settings = settings
    self.report = report
    self.message = message
    self.dryRun = dryRun
    self.examples = examples
  }

  /// - Parameter each: gets every decision, in order.
  /// - Throws: ``Failure``; then nothing was changed.
  public func run(in session: Session, each: (FilterDecision) throws -> Void = { _ in }) throws
    -> FilterResult
  {
    try Failure.wrapping {
      let (tokenizer, rules, _) = try settings.checked()
      guard settings.rougeL != nil || against.isEmpty else {
        throw Failure(
          .usage, "there is something to compare with, and no threshold of likeness",
          hint: "give `--rouge-l 0.7`, or `rouge_l` in the recipe")
      }
      let source = try PairSource(source, in: session)
      let others = try against.map { try NamedSource($0, in: session) }
      for other in others { try other.refuse(comparing: source) }
      let file = try report.map { try ExportFile(session.path($0), fileSystem: session.fileSystem) }
      var result = FilterResult()
      let removal = RecordRemoval<FilterPlan>(
        verb: "filter", branch: self.source,
        settings: { settings.json(tokenizer, rules, against: others.map(\.recordedName)) },
        message: { message ?? "Filter out \($0) record\($0 == 1 ? "" : "s")" },
        plan: { try FilterPlan(settings, of: $0, against: others, session) }, reasons: \.reasons)
      let (_, looked, made) = try removal.run(on: source, makesVersion: !dryRun, file: file) {
        result = try tell($0, $1, file, session, each)
      }
      (result.from, result.commit) = try looked.summaries(made)
      return result
    }
  }

  private func tell(
    _ plan: FilterPlan, _ source: PairSource, _ file: ExportFile?, _ session: Session,
    _ each: (FilterDecision) throws -> Void
  ) throws -> FilterResult {
    var (rules, flags): ([String: Int], [String: Int]) = ([:], [:])
    let shown = plan.drops(examples)
    let texts = try source.texts(
      at: Set(shown.map(\.item) + shown.compactMap(\.nearest)), of: settings.fields, session)
    var examples: [FilterExample] = []
    var scores = [Int](repeating: 0, count: FilterResult.bins)
    for (index, decision) in plan.decisions.enumerated() {
      if let rule = decision.rule { rules[rule, default: 0] += 1 }
      for name in Set(decision.flags.map(\.rule)) { flags[name, default: 0] += 1 }
      let told = try FilterDecision(
        decision, row: index + 1, record: plan.entries.isEmpty ? nil : plan.entries[index].key,
        source.workspace)
      try each(told)
      if let score = decision.score, decision.nearest != nil {
        scores[min(Int(score * Double(scores.count)), scores.count - 1)] += 1
      }
      if examples.count < shown.count, shown[examples.count].item == index {
        let nearest = shown[examples.count].nearest
        examples.append(
          FilterExample(decision: told, text: texts[index], nearest: nearest.flatMap { texts[$0] }))
      }
      try file?.write(line: told.json)
    }
    func sorted(_ counts: [String: Int]) -> [(name: String, count: Int)] {
      counts.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) }
    }
    return FilterResult(
      items: plan.decisions.count, dropped: rules.values.reduce(0, +), rules: sorted(rules),
      flags: sorted(flags), examples: examples, scores: scores)
  }
}

extension FilterPlan {
  /// Why each record of a version is left out, in ascending order.
  var reasons: [Reason] {
    zip(entries, decisions).compactMap { entry, decision in
      decision.rule.map {
        Reason(
          record: entry.key, decision: .drop, rule: $0, other: decision.nearest?.record, score: decision.score
        )
      }
    }.sorted { $0.record < $1.record }
  }
}

/// What a filter did or would do.
public struct FilterResult: Sendable {
  /// The version that was filtered; nil for a file.
  public var from: CommitSummary?
  /// The new version; nil when nothing was left out, it was only planned, or a file was filtered.
  public var commit: CommitSummary?
  /// Items that were looked at.
  public var items = 0
  /// Items that are left out.
  public var dropped = 0
  /// How many fell under each rule, by name.
  public var rules: [(name: String, count: Int)] = []
  /// How many were flagged, by rule.
  public var flags: [(name: String, count: Int)] = []
  /// Items that are left out, with their texts.
  public var examples: [FilterExample] = []
  /// How many items have a ROUGE-L with the nearest in each twentieth from 0 to 1: those that are left out, and with
  /// ``FilterSettings/describesKept`` those that stay.
  public var scores: [Int] = []

  static let bins = 20
}
