import History
import Objects
import Records

/// The views over one version, ready to be asked.
final class QueryViews {
  let workspace: Workspace
  let commit: Commit
  let userColumns: UserColumns
  private let connection: QueryConnection
  private let context: QueryContext
  private var added: [String] = []

  /// A query can name this many columns of its rows.
  private static let mostColumns = 200

  init(_ commit: Commit, in workspace: Workspace, _ watch: QueryWatch, memoryLimit: Int?) throws {
    self.workspace = workspace
    self.commit = commit
    connection = try QueryConnection(watch: watch, memoryLimit: memoryLimit)
    let versions = try QueryVersions(commit, in: workspace)
    let ids = QueryIDs(workspace, failures: connection.failures)
    context = try QueryContext(versions, ids, workspace.store, watch)
    userColumns = UserColumns(versions, watch)
    for collation in ids.collations { try connection.register(collation) }
    let runs = QueriedRuns(workspace)
    let tables: [any QueryTable] = [
      // Contents of its own: they keep the pair read last, and a join reads pairs and records by turns.
      PairsTable(try QueryContext(versions, ids, workspace.store, watch)),
      BatchesTable(context), OriginsTable(context), ScoresTable(context),
      CommitsTable(versions), ReasonsTable(context), RunsTable(runs), SeenTable(runs, ids, workspace.store),
      try DiffTable(versions),
    ]
    for table in tables { try connection.register(table) }
    try registerRecords()
  }

  private func registerRecords() throws {
    try connection.register(RecordsTable(context, added: added))
  }

  /// Prepares a query. A column that no view has and that rows of the version brought along becomes one of `records`.
  ///
  /// - Throws: ``QueryError``.
  func prepare(_ text: String) throws -> QueryStatement {
    while true {
      do {
        return try connection.prepare(text)
      } catch QueryError.unknownColumn(let name, let offset) {
        // `r.topic` is the column `topic` of what the query calls `r`.
        let bare = name.split(separator: ".", maxSplits: 1).last.map(String.init) ?? name
        guard added.count < Self.mostColumns, !added.contains(where: { Self.isSameName($0, bare) }),
          try connection.watch.measured({ try userColumns.contains(bare) })
        else { throw QueryError.unknownColumn(name, offset: offset) }
        added.append(bare)
        try registerRecords()
      }
    }
  }

  /// SQLite's names do not differ in the case of ASCII letters only.
  private static func isSameName(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8) || left.lowercased() == right.lowercased()
  }

  /// An id in its shortest unique form, as the other verbs print it; any other value as it is.
  func shortened(_ cell: QueryCell, _ kind: QueryColumn.Kind?) throws -> QueryCell {
    guard case .text(let text) = cell else { return cell }
    switch kind {
    case .record: return .text(try RecordID(text).map(workspace.short) ?? text)
    case .object: return .text(ObjectID(hex: text).map { workspace.store.abbreviation(of: $0) } ?? text)
    case .commit:
      return .text(try CommitID(hex: text).map { try workspace.repository.git().shortHex($0) } ?? text)
    default: return cell
    }
  }
}
