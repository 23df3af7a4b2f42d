import History
import Objects
import Records

/// The training runs of the repository, read once a query.
final class QueriedRuns {
  private let workspace: Workspace
  private var known: [(id: ObjectID, run: Run)]?

  init(_ workspace: Workspace) { self.workspace = workspace }

  func all() throws -> [(id: ObjectID, run: Run)] {
    if let known { return known }
    let runs = try workspace.runs()
    known = runs
    return runs
  }
}

/// The view `runs`.
final class RunsTable: QueryTable {
  private enum Field: String {
    case run, commitID = "commit_id", snapshot, version, model, modelDigest = "model_digest", template, steps,
      tokens
    case firstLoss = "first_loss", lastLoss = "last_loss", records, used, seed, config, started, ended
  }

  let name = QuerySchema.runs.name
  let columns = QuerySchema.runs.columns
  private let runs: QueriedRuns
  private let fields = ViewFields<Field>(QuerySchema.runs.columns)

  init(_ runs: QueriedRuns) { self.runs = runs }

  func uses(_ lookup: QueryLookup) -> Bool { false }

  func estimate(_ lookups: [QueryLookup]) -> Double { 100 }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    let runs = try runs.all()
    return ListScan(count: runs.count) { [fields] place, column in
      let (id, run) = runs[place]
      switch fields[column] {
      case nil: return .null
      case .run: return .string(id.hex)
      case .commitID: return .string(run.commit)
      case .snapshot: return .string(run.snapshot.hex)
      case .version: return .string(run.version)
      case .model: return .string(run.model.name)
      case .modelDigest: return .string(run.model.digest.hex)
      case .template: return .string(run.template)
      case .steps: return .count(run.steps)
      case .tokens: return .count(run.tokens)
      case .firstLoss: return run.loss.map { .real($0.first) } ?? .null
      case .lastLoss: return run.loss.map { .real($0.last) } ?? .null
      case .records: return .count(run.records.total)
      case .used: return .count(run.records.used)
      case .seed: return .count(run.seed)
      case .config: return .text(CanonicalJSON.encode(run.config))
      case .started: return .string(run.started.text)
      case .ended: return .string(run.ended.text)
      }
    }
  }
}

/// The view `seen`: which rows runs saw.
final class SeenTable: QueryTable {
  private enum Field: String {
    case run, batch, firstRow = "first_row", lastRow = "last_row"
  }

  let name = QuerySchema.seen.name
  let columns = QuerySchema.seen.columns
  private let runs: QueriedRuns
  private let ids: QueryIDs
  private let store: ObjectStore
  private let fields = ViewFields<Field>(QuerySchema.seen.columns)

  init(_ runs: QueriedRuns, _ ids: QueryIDs, _ store: ObjectStore) {
    self.runs = runs
    self.ids = ids
    self.store = store
  }

  func uses(_ lookup: QueryLookup) -> Bool {
    fields.isEqual(lookup, .run) || fields.isEqual(lookup, .batch)
  }

  func estimate(_ lookups: [QueryLookup]) -> Double { 10_000 / Double(1 + 10 * lookups.count) }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    var (run, batch): (ObjectID?, BatchPrefix?) = (nil, nil)
    for constraint in constraints {
      guard let id = ids.object(constraint.value) else { return NoRows() }
      if fields[constraint.column] == .run { run = id } else { batch = BatchPrefix(of: id) }
    }
    var ranges: [(run: ObjectID, batch: BatchPrefix, rows: ClosedRange<UInt32>)] = []
    for (id, found) in try runs.all() {
      for seen in found.records.seen { ranges += seen.rows.map { (id, seen.batch, $0) } }
    }
    let places = ranges.indices.filter { place in
      (run == nil || run == ranges[place].run) && (batch == nil || batch == ranges[place].batch)
    }
    var batches: [BatchPrefix: String] = [:]
    return ListScan(places: places) { [fields, store] place, column in
      let range = ranges[place]
      switch fields[column] {
      case nil: return .null
      case .run: return .string(range.run.hex)
      case .batch:
        if let known = batches[range.batch] { return .string(known) }
        let id = try store.batch(range.batch)?.hex ?? range.batch.hex
        batches[range.batch] = id
        return .string(id)
      case .firstRow: return .count(Int(range.rows.lowerBound))
      case .lastRow: return .count(Int(range.rows.upperBound))
      }
    }
  }
}
