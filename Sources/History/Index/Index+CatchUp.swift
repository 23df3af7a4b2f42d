import Foundation
import GRDB
import Objects
import Records

extension Index {
  /// Adds what happened since the index was last brought up to date: the commits that references newly lead to and
  /// the operations that were logged. Costs what the new changes cost; next to nothing when there are none.
  ///
  /// - Parameter news: what is known of these changes.
  func catchUp(with news: IndexNews) throws {
    // Nothing new is the rule for readers, and whoever only reads waits for nobody.
    if news.isEmpty, try database.read(isUpToDate, rebuild: fill) { return }
    try database.write(
      { database in
        try update(database, news)
        for (batch, keys) in news.keys { try add(keys, of: batch, database) }
      }, rebuild: {})
  }

  /// Adds what other processes did since.
  public func catchUp() throws { try catchUp(with: IndexNews()) }

  private func isUpToDate(_ database: Database) throws -> Bool {
    guard let stamp = try Row.fetchOne(database, sql: "SELECT tips, operation, operation_digest FROM stamp")
    else { throw IndexDisagrees(reason: "it had lost its stamp") }
    let newest = try operations.newest()
    return try Self.ids(stamp[0]) == tips() && stamp[1] == newest?.sequence ?? 0
      && stamp[2] == newest?.start ?? ""
  }

  /// Fills an empty index.
  func fill() throws { try database.writeOnce { try update($0, IndexNews()) } }

  private func update(_ database: Database, _ news: IndexNews) throws {
    guard let stamp = try Row.fetchOne(database, sql: "SELECT tips, operation, operation_digest FROM stamp")
    else {
      throw IndexDisagrees(reason: "it had lost its stamp")
    }
    let tips = try tips()
    let stored = try Self.ids(stamp[0])
    if stored != tips {
      try add(commitsUnder: tips, after: stored, news, database)
      try database.execute(
        sql: "UPDATE stamp SET tips = ?", arguments: [Data(tips.flatMap(\.bytes))])
    }
    try addRuns(since: stamp[1], digest: stamp[2], database)
  }

  /// The commits that branches, tags and HEAD lead to, in order.
  func tips() throws -> [CommitID] {
    var tips: Set<CommitID> = []
    for name in try git.references().keys {
      if let id = try git.commit(at: name) { tips.insert(id) }
    }
    return tips.sorted()
  }

  static func ids(_ data: Data) throws -> [CommitID] {
    guard data.count % CommitID.byteCount == 0 else { throw IndexDisagrees(reason: "its stamp was damaged") }
    return stride(from: 0, to: data.count, by: CommitID.byteCount).compactMap {
      CommitID(bytes: data[$0..<$0 + CommitID.byteCount])
    }
  }

  private func add(
    commitsUnder tips: [CommitID], after stored: [CommitID], _ news: IndexNews, _ database: Database
  ) throws {
    // A commit that no reference leads to any more may have been removed; what it hid is in the table anyway.
    let hidden = try stored.filter { try git.commitIfPresent($0) != nil }
    let isKnown = try database.makeStatement(sql: "SELECT number FROM commits WHERE id = ?")
    for id in try git.ancestry(from: tips, excluding: hidden) {
      if try Int64.fetchOne(isKnown, arguments: [Data(id.bytes)]) != nil { continue }
      let number = try Int64.fetchOne(database, sql: "SELECT ifnull(max(number), 0) + 1 FROM commits") ?? 1
      try add(try git.commit(id), number: number, news, database)
    }
  }

  func add(
    _ commit: GitCommit, number: Int64, _ news: IndexNews, _ database: Database
  ) throws {
    try CommitChains(database).add(commit, number: number)
    let dataset = try Repository.dataset(of: commit.id, in: git)
    let parents = try commit.parents.map { try Repository.dataset(of: $0, in: git) }
    let new = tree(dataset.snapshot)
    var recorder = try ChangeRecorder(commit: number, database)
    let known =
      parents.count < 2
      ? news.runs(from: parents.first?.snapshot, to: dataset.snapshot) : news.own[commit.id]
    if let known {
      for run in known.runs { try recorder.record(run.rows, run.kind) }
    } else if parents.count < 2 {
      try recorder.record(TreeDiff(old: parents.first.map { tree($0.snapshot) }, new: new))
    } else {
      try recorder.record(mergeOf: parents.map { tree($0.snapshot) }, into: new)
    }
    try recorder.finish()
    if let report = dataset.report { try add(report: report, of: number, database) }
    var batches = TreeDiff(old: parents.first.map { tree($0.batches) }, new: tree(dataset.batches))
    while let delta = try batches.next() {
      guard let id = delta.new?.object else { continue }
      let batch = try Batch(parsing: try store.read(id, .batch))
      try database.execute(
        sql: "INSERT OR IGNORE INTO batches VALUES (?, ?, ?, ?, ?)",
        arguments: [
          Data(BatchPrefix(of: id).data), Data(id.bytes), number, batch.rows, batch.source?.name,
        ])
    }
  }

  func tree(_ root: ObjectID) -> SnapshotTree {
    let store = store
    return SnapshotTree(root: root) { try store.read($0, .node) }
  }
}
