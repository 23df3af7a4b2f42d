import History
import Objects
import Records

/// What scores make of a version: which records are edited, with the batches of the edits in the writer.
struct ScorePlan {
  /// What is said of one score: of how many records, and the least, the sum and the greatest of its numbers.
  struct Tally {
    var records = 0
    var least = Double.infinity
    var sum = 0.0
    var greatest = -Double.infinity

    mutating func add(_ value: Double) {
      records += 1
      least = min(least, value)
      sum += value
      greatest = max(greatest, value)
    }
  }

  /// One for each score.
  private(set) var tallies: [Tally]
  /// Records that are edited.
  private(set) var edited = 0
  /// Records that have all these scores already.
  private(set) var unchanged = 0
  /// In ascending order of the records; none without a writer.
  private(set) var entries: [TreeEntry] = []
  private(set) var batches: [ObjectID] = []

  /// Records that a thread looks at together.
  private static let slice = 64

  /// - Parameters:
  ///   - writer: where edits go; nil to only look.
  ///   - place: what messages call a row of the sheet.
  init(
    _ sheet: ScoreSheet, of commit: Commit, in workspace: Workspace, writer: PackWriter?,
    source: Batch.Source?, notes: JSONValue?, place: @escaping (Int) -> String
  ) throws {
    tallies = sheet.names.map { _ in Tally() }
    let targets = try ScoreTargets(sheet, in: commit, workspace, place: place).targets
    let made = writer.map { ScoreBatches(sheet.names, $0, threads: workspace.session.threads) }
    do {
      try decide(targets, sheet, workspace, made)
    } catch let taken as ScoredRecords.TakenColumn {
      let row = targets.first { $0.entry.key == taken.record }.map { sheet.rows[$0.row].line } ?? 0
      throw Failure(
        .data,
        "\(place(row)): the record `\(try workspace.short(taken.record))` has a column `\(taken.name)` that \(taken.meaning)",
        hint: "give the score another name, with `--column NAME=COLUMN` or in the query with AS")
    }
    guard let made, edited > 0 else { return }
    (batches, entries) = try made.finish(source: source, notes: notes)
  }

  private mutating func decide(
    _ targets: [ScoreTargets.Target], _ sheet: ScoreSheet, _ workspace: Workspace, _ made: ScoreBatches?
  ) throws {
    let (store, names) = (workspace.store, sheet.names)
    var (start, place) = (0, 0)
    try Pipeline(threads: workspace.session.threads) { try ScoredRecords(store, names) }.run(
      next: { () -> ArraySlice<ScoreTargets.Target>? in
        guard start < targets.count else { return nil }
        defer { start = min(start + Self.slice, targets.count) }
        return targets[start..<min(start + Self.slice, targets.count)]
      },
      work: { records, slice in try slice.map { try records.change($0.entry, $0.values) } },
      take: { changes in
        for change in changes {
          try take(change, of: targets[place], sheet, made)
          place += 1
        }
      })
  }

  private mutating func take(
    _ change: ScoredRecords.Change?, of target: ScoreTargets.Target, _ sheet: ScoreSheet,
    _ made: ScoreBatches?
  ) throws {
    for (score, value) in target.values.enumerated() where !value.isNaN { tallies[score].add(value) }
    guard let change else {
      if !target.values.allSatisfy(\.isNaN) { unchanged += 1 }
      return
    }
    edited += 1
    let row = EditBatch.Row(
      pair: .stored(target.entry.object), place: sheet.places.isEmpty ? nil : sheet.places[target.row],
      columns: change.columns, placeholder: change.placeholder, edits: target.entry.key)
    try made?.append(
      row, of: target.entry.key, scores: change.scores,
      inheriting: (target.entry.origin.batch, change.batch))
  }
}
