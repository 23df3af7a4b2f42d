import Curation
import History
import Objects
public import Records

/// Looks for parts of evaluation sets in training data.
public struct DecontaminateRequest: Sendable {
  /// A file, or a version; to drop from it a branch, which gets the new version.
  public var source: String
  /// The evaluation sets: files or versions.
  public var against: [String]
  /// What counts.
  public var settings: DecontaminationSettings
  /// Whether to make a version without what was found; otherwise it is only told.
  public var drops: Bool
  /// A file for one line a finding; nil for none.
  public var report: String?
  /// The commit's message; nil for one that says how many.
  public var message: String?

  /// A request.
  public init(
    source: String, against: [String], settings: DecontaminationSettings = DecontaminationSettings(),
    drops: Bool = false, report: String? = nil, message: String? = nil
  ) {
    self.source = source
    self.against = against
    self.settings = settings
    self.drops = drops
    self.report = report
    self.message = message
  }

  /// - Parameter each: gets every finding, in the order of the items.
  /// - Throws: ``Failure``; then nothing was changed.
  public func run(
    in session: Session, each: (ContaminationFinding) throws -> Void = { _ in }
  ) throws -> DecontaminateResult {
    try Failure.wrapping {
      guard !against.isEmpty else {
        throw Failure(
          .usage, "there is no evaluation set to compare with",
          hint: "name one or more: `--against eval.jsonl`")
      }
      let source = try PairSource(source, in: session)
      let others = try against.map { try NamedSource($0, in: session) }
      for other in others { try other.refuse(comparing: source) }
      let file = try report.map { try ExportFile(session.path($0), fileSystem: session.fileSystem) }
      if drops, source.workspace == nil {
        throw Failure(
          .usage, "only a branch can get a version without what was found",
          hint: "commit the file first, or leave `--drop` out to see what is found")
      }
      let removal = RecordRemoval<DecontaminationPlan>(
        verb: "decontaminate", branch: self.source,
        settings: { try settings.json(against: others.map(\.recordedName)) },
        message: { message ?? "Drop \($0) record\($0 == 1 ? "" : "s") seen in evaluation sets" },
        plan: { try DecontaminationPlan(settings, of: $0, against: others, session) }, reasons: \.reasons)
      let (plan, looked, made) = try removal.run(on: source, makesVersion: drops, file: file) {
        plan, source in
        for hit in plan.hits {
          let finding = try ContaminationFinding(
            item: plan.place(hit.item).json(source.workspace),
            evaluation: hit.evaluation.json(source.workspace), rule: hit.rule, score: hit.score,
            span: hit.span)
          try each(finding)
          try file?.write(line: finding.json)
        }
      }
      return try result(plan, looked, others, made)
    }
  }

  private func result(
    _ plan: DecontaminationPlan, _ source: PairSource, _ others: [NamedSource], _ made: Commit?
  ) throws -> DecontaminateResult {
    let (from, commit) = try source.summaries(made)
    var seen = [Set<Int>](repeating: [], count: others.count)
    for hit in plan.hits { seen[hit.set].insert(hit.item) }
    return DecontaminateResult(
      from: from, commit: commit, items: plan.count, contaminated: plan.contaminated.count,
      sets: others.indices.map {
        DecontaminateResult.EvaluationSet(
          name: others[$0].name, items: plan.evaluations[$0], contaminated: seen[$0].count)
      },
      boilerplate: plan.forms.map {
        DecontaminateResult.Boilerplate(text: $0.text, items: $0.items, evaluations: $0.evaluations)
      })
  }
}

/// Something that an item has in common with an evaluation item.
public struct ContaminationFinding: Sendable {
  /// The item: a record's id, or a row's number.
  public let item: JSONValue
  /// The evaluation item: a record's id, or `FILE:ROW`.
  public let evaluation: JSONValue
  /// `13-gram` for 13 words in a row, `whole` for a whole prompt that is shorter, or `rouge-l`.
  public let rule: String
  /// Words in a row, or the F-measure.
  public let score: Double
  /// The words in a row that both have; empty for `rouge-l`.
  public let span: String

  /// As one JSON object: `item`, `evaluation`, `rule`, `score`, `span`.
  public var json: JSONValue {
    .object([
      JSONMember("item", item), JSONMember("evaluation", evaluation), JSONMember("rule", .string(rule)),
      JSONMember("score", .number(score)), JSONMember("span", .string(span)),
    ])
  }
}

/// What was found of evaluation sets.
public struct DecontaminateResult: Sendable {
  /// An evaluation set.
  public struct EvaluationSet: Sendable {
    /// As the user named it.
    public let name: String
    /// Its items.
    public let items: Int
    /// Items of the training data that have a part of it.
    public let contaminated: Int
  }

  /// A form of words that so many evaluation items have that finding it says nothing.
  public struct Boilerplate: Sendable {
    /// Its words.
    public let text: String
    /// Items of the training data that have it.
    public let items: Int
    /// Evaluation items that have it.
    public let evaluations: Int
  }

  /// The version that was looked at; nil for a file.
  public var from: CommitSummary?
  /// The version without what was found; nil when none was made.
  public var commit: CommitSummary?
  /// Items that were looked at.
  public var items: Int
  /// Items that have a part of an evaluation set.
  public var contaminated: Int
  /// What was found of each set.
  public var sets: [EvaluationSet]
  /// What was found and does not count, the most frequent first.
  public var boilerplate: [Boilerplate]
}
