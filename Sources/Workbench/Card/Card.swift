import History
import Objects
import Records

/// Asks for a dataset card of a version, and may write it to a file.
public struct CardRequest: Sendable {
  /// A branch, tag or commit.
  public var revision: String
  /// Where to write it; nil to return it only.
  public var output: String?
  /// What people call the dataset.
  public var name: String?
  /// The licences the dataset is given under; empty for what the rows state.
  public var licenses: [String] = []
  /// Languages, as ISO 639 codes; empty for those that a column `language` states.
  public var languages: [String] = []
  /// Tasks, as the Hugging Face Hub names them.
  public var tasks: [String] = ["text-generation"]
  /// Tags beside those of every card.
  public var keywords: [String] = []
  /// Columns whose values are counted; empty for those of `topic`, `type` and `source` that rows have.
  public var columns: [String] = []
  /// Files of the data beside the card.
  public var files: [(split: String, path: String)] = []

  /// A request.
  public init(revision: String = "HEAD", output: String? = nil) {
    self.revision = revision
    self.output = output
  }

  private static let ownKeywords = ["instruction-tuning", "mdata"]
  private static let usualColumns = ["topic", "type", "source"]
  private static let languageColumns = ["language", "lang"]
  private static let mostSteps = 20

  /// - Throws: ``Failure``, of kind `no` when the rows contradict the licence; then the file is as it was.
  public func run(in session: Session) throws -> CardResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let commit = try workspace.resolve(revision)
      let card = try card(of: commit, in: workspace)
      let text = CardHeader(card: card).text + "\n\n" + CardBody(card: card).text
      if let output {
        let file = try ExportFile(session.path(output), fileSystem: session.fileSystem)
        try Array(text.utf8).withUnsafeBytes { try file.write($0) }
        try file.commit()
      }
      return CardResult(card: card, text: text)
    }
  }

  private func card(of commit: Commit, in workspace: Workspace) throws -> DatasetCard {
    let asked = columns.map(Facet.init)
    for column in asked { try column.check(commit, in: workspace) }
    let counted = columns.isEmpty ? Self.usualColumns.map(Facet.column) : asked
    let all = counted + Self.languageColumns.map(Facet.column)
    var tally = CardTally(columns: all.count)
    try VersionScan(commit, in: workspace).run(
      making: { try CardReader($0, columns: all) }, work: { reader, entry in try reader.facts(entry) },
      take: { entry, facts in try tally.add(entry, facts) })
    let names = columns.isEmpty ? Self.usualColumns : columns
    let tables = zip(["teacher"] + names, [tally.teachers] + tally.values).compactMap { name, counts in
      counts.list.isEmpty
        ? nil
        : DatasetCard.Counts(name: name, values: counts.list, others: counts.others, missing: counts.missing)
    }
    let summary = try workspace.summary(commit)
    let steps = try workspace.repository.log(from: [commit.id], limit: Self.mostSteps)
    let versions = try workspace.repository.git().ancestry(from: [commit.id]).count
    return DatasetCard(
      commit: summary, tags: try tags(of: commit, workspace),
      name: try name ?? defaultName(commit, workspace),
      pairs: tally.audit.differentPairs, lengths: tally.lengths,
      sources: try sources(commit, tally, workspace),
      counts: tables, licenses: tally.licenseList.map { ($0.stated.text, $0.stated.found.count) },
      unlicensed: tally.unlicensed,
      license: try CardLicensing(tally: tally).license(licenses, in: workspace), answers: tally.audit.answers,
      anomalies: try tally.audit.anomalies.map { kind, found in
        Anomaly(
          kind: kind.rawValue, meaning: kind.meaning, count: found.count,
          examples: try found.examples.map(workspace.short))
      },
      steps: try steps.map { try step($0, workspace) }, versions: versions,
      languages: languages.isEmpty
        ? Self.languages(tally.values.suffix(Self.languageColumns.count)) : languages,
      tasks: tasks, keywords: Self.ownKeywords + keywords.filter { !Self.ownKeywords.contains($0) },
      files: files)
  }

  private func tags(of commit: Commit, _ workspace: Workspace) throws -> [String] {
    try workspace.names(.tag).filter { $0.commit == commit.id.hex }.map(\.name)
  }

  /// The name of the first imported file, without its endings.
  private func defaultName(_ commit: Commit, _ workspace: Workspace) throws -> String? {
    let file = try workspace.batches(of: commit).lazy.compactMap { $0.batch.source?.name }.first
    return file.flatMap { $0.split(separator: ".").first.map(String.init) }
  }

  private func sources(
    _ commit: Commit, _ tally: CardTally, _ workspace: Workspace
  ) throws -> [DatasetCard.Source] {
    try workspace.batches(of: commit).map { id, batch in
      let prefix = BatchPrefix(of: id)
      return DatasetCard.Source(
        batch: try workspace.short(prefix), file: batch.source?.name, sha256: batch.source?.sha256.hex,
        rows: batch.rows, records: tally.batches[prefix] ?? 0, teacher: batch.teacher, license: batch.license,
        prompts: batch.prompts.map(\.name), seeds: batch.seeds.count, recipe: batch.recipe)
    }
  }

  private func step(_ commit: Commit, _ workspace: Workspace) throws -> DatasetCard.Step {
    let parent = try commit.parents.first.map { try workspace.commit($0) }
    return DatasetCard.Step(
      short: try workspace.repository.git().shortHex(commit.id), time: commit.time.seconds,
      summary: commit.summary, counts: try workspace.counts(from: parent, to: commit))
  }

  /// What a column states, where its values are codes of ISO 639: two or three small letters.
  private static func languages(_ columns: some Sequence<ValueCounts>) -> [String] {
    for counts in columns where !counts.counts.isEmpty {
      let codes = counts.counts.keys.filter { code in
        (2...3).contains(code.utf8.count)
          && code.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
      }
      if !codes.isEmpty, codes.count <= 200 { return codes.sorted() }
    }
    return []
  }
}

/// A dataset card.
public struct CardResult: Sendable {
  /// What it says.
  public var card: DatasetCard
  /// The whole of it: YAML between lines of hyphens, then Markdown.
  public var text: String
}
