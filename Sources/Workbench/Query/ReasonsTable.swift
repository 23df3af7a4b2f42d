import History
import Objects
import Records

/// The view `reasons`: a row for each decision about a record that a commit of the version's history made.
final class ReasonsTable: QueryTable {
  private enum Field: String {
    case record, decision, rule, other, score, verb, commitID = "commit_id", revision
  }

  /// A decision, and what made it.
  struct Row {
    let commit: CommitID
    let verb: String
    let reason: Reason
  }

  /// A commit decides about a record once.
  private struct Name: Hashable {
    let commit: CommitID
    let record: RecordID
  }

  let name = QuerySchema.reasons.name
  let columns = QuerySchema.reasons.columns
  private let context: QueryContext
  private let fields = ViewFields<Field>(QuerySchema.reasons.columns)
  /// The commits with a report of the history read last, newest first.
  private var history: (of: CommitID, reports: [(commit: CommitID, report: ObjectID)])?
  private var numbers: [Name: Int] = [:]

  init(_ context: QueryContext) { self.context = context }

  private var workspace: Workspace { context.versions.workspace }

  func uses(_ lookup: QueryLookup) -> Bool {
    [Field.record, .other, .commitID].contains { fields.isEqual(lookup, $0) }
  }

  func estimate(_ lookups: [QueryLookup]) -> Double {
    if lookups.contains(where: { [Field.record, .other].contains(fields[$0.column]) }) { return 2 }
    return lookups.contains { fields[$0.column] == .commitID } ? 1_000 : 100_000
  }

  func scan(_ constraints: [QueryConstraint]) throws -> any QueryScan {
    let revision = fields.value(of: .revision, in: constraints)
    guard let version = try context.versions.version(revision)?.commit.id else { return NoRows() }
    for field in [Field.record, .other] {
      guard let value = fields.value(of: field, in: constraints) else { continue }
      guard let record = context.ids.record(value) else { return NoRows() }
      var rows = try rows(of: record, as: field, upTo: version)[...]
      return Scan(self, revision) { rows.popFirst() }
    }
    var reports = try reports(upTo: version)[...]
    if let value = fields.value(of: .commitID, in: constraints) {
      guard let commit = context.ids.commit(value) else { return NoRows() }
      reports = reports.filter { $0.commit == commit }[...]
    }
    return Scan(self, revision, next: rows(of: reports))
  }

  /// The decisions about one record, or in its favour: the index knows where they are.
  private func rows(of record: RecordID, as field: Field, upTo version: CommitID) throws -> [Row] {
    try workspace.repository.index().reasons(about: record, reachableFrom: version)
      .filter { (field == .record ? $0.reason.record : $0.reason.other) == record }
      .map { Row(commit: $0.commit, verb: $0.verb, reason: $0.reason) }
  }

  private func reports(upTo version: CommitID) throws -> [(commit: CommitID, report: ObjectID)] {
    if let history, history.of == version { return history.reports }
    let reports = try workspace.repository.git().log(from: [version]).compactMap { commit in
      try workspace.repository.dataset(of: commit.id).report.map { (commit: commit.id, report: $0) }
    }
    history = (version, reports)
    return reports
  }

  /// The decisions of reports one after the other, read a chunk at a time.
  private func rows(of reports: ArraySlice<(commit: CommitID, report: ObjectID)>) -> () throws -> Row? {
    let store = workspace.store
    let watch = context.watch
    var reports = reports
    var current: (commit: CommitID, verb: String)?
    var chunks: ArraySlice<ObjectID> = []
    var reasons: ArraySlice<Reason> = []
    return {
      while true {
        if let current, let reason = reasons.popFirst() {
          return Row(commit: current.commit, verb: current.verb, reason: reason)
        }
        try watch.check()
        if let chunk = chunks.popFirst() {
          reasons = try Reasons(parsing: store.read(chunk, .reasons)).list[...]
        } else if let next = reports.popFirst() {
          let report = try Report(parsing: store.read(next.report, .report))
          current = (next.commit, report.verb)
          chunks = report.reasons[...]
        } else {
          return nil
        }
      }
    }
  }

  /// A number of the row's own, whatever look-up leads to it.
  private func number(of row: Row) -> Int {
    let name = Name(commit: row.commit, record: row.reason.record)
    if let known = numbers[name] { return known }
    numbers[name] = numbers.count
    return numbers.count - 1
  }

  private final class Scan: QueryScan {
    private let table: ReasonsTable
    private let revision: QueryValue?
    private let next: () throws -> Row?
    private var row: Row?

    init(_ table: ReasonsTable, _ revision: QueryValue?, next: @escaping () throws -> Row?) {
      self.table = table
      self.revision = revision
      self.next = next
    }

    func advance() throws -> Bool {
      row = try next()
      return row != nil
    }

    func rowID() throws -> Int64 {
      try QueryRowID.number(
        part: table.context.versions.part(revision), place: row.map(table.number) ?? 0)
    }

    func value(_ column: Int) throws -> QueryValue {
      guard let row, let field = table.fields[column] else { return .null }
      switch field {
      case .record: return .string(row.reason.record.description)
      case .decision: return .string(row.reason.decision.rawValue)
      case .rule: return .string(row.reason.rule)
      case .other: return .optional(row.reason.other?.description)
      case .score: return row.reason.score.map(QueryValue.real) ?? .null
      case .verb: return .string(row.verb)
      case .commitID: return .string(row.commit.hex)
      case .revision: return revision ?? .null
      }
    }
  }
}
