import Foundation
import GRDB
import Glibc
import Objects
import Records

/// What is wrong with an index file.
enum IndexFlaw: Equatable {
  /// It is to be built again; the text says why.
  case damaged(String)
  /// It is right about the past and does not yet know all of it.
  case behind(String)
}

extension Index {
  /// Holds an index file to history and objects: SQLite's own check, the stamp, and every row of every table against
  /// a second index that is built in a temporary file, commit by commit in the same order.
  ///
  /// The file is opened for reading only. Returns nil when all of it agrees, or when there is none.
  ///
  /// - Throws: what reading history and objects throws: then there is nothing to compare with.
  static func flaw(
    of path: String, store: ObjectStore, git: GitRepository, operations: OperationLog
  ) throws -> IndexFlaw? {
    try CheckedPages.install()
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { try $0.execute(sql: "PRAGMA trusted_schema = OFF") }
    do {
      let queue = try DatabaseQueue(path: Self.unwritten(path), configuration: configuration)
      defer { try? queue.close() }
      return try queue.read { database in
        if let reason = try structuralFlaw(database) { return .damaged(reason) }
        let second = Index(path: "", store: store, git: git, operations: operations)
        defer { try? second.database.close() }
        return try second.compare(with: database)
      }
    } catch let error as DatabaseError
      where error.resultCode != .SQLITE_CANTOPEN && error.resultCode != .SQLITE_BUSY
    {
      return .damaged(
        CheckedPages.flaw(error) ?? "SQLite cannot read it (\(error.message ?? "no reason was given"))")
    } catch let error as IndexDisagrees {
      return .damaged(error.reason)
    } catch is RowDecodingError {
      return .damaged("it holds values of the wrong type")
    }
  }

  /// How the file is opened so that nothing is written beside it: without a log of its own it is read as it lies there.
  private static func unwritten(_ path: String) -> String {
    var log = stat()
    if stat(path + "-wal", &log) == 0, log.st_size > 0 { return path }
    let escaped = path.utf8.reduce(into: "") { text, byte in
      let isPlain = byte > 0x20 && byte < 0x7f && !"%?#".utf8.contains(byte)
      text += isPlain ? String(UnicodeScalar(byte)) : "%" + Hex.encode([byte])
    }
    return "file:\(escaped)?immutable=1"
  }

  private static func structuralFlaw(_ database: Database) throws -> String? {
    guard try IndexSchema.isCurrent(database) else { return "another version of mdata wrote it" }
    let lines = try String.fetchAll(database, sql: "PRAGMA integrity_check(3)")
    return lines == ["ok"] ? nil : "SQLite's check fails (\(lines.joined(separator: "; ")))"
  }

  /// Builds what the other should be into this empty index, and compares.
  private func compare(with other: Database) throws -> IndexFlaw? {
    guard let stamp = try Row.fetchOne(other, sql: "SELECT tips, operation, operation_digest FROM stamp"),
      try Int.fetchOne(other, sql: "SELECT count(*) FROM stamp") == 1
    else { return .damaged("it has lost its stamp") }
    let stampedTips = try Self.ids(try stamp.decode(Data.self, atIndex: 0))
    let operation: Int = try stamp.decode(atIndex: 1)
    let digest: String = try stamp.decode(atIndex: 2)
    if operation > 0, try operations.digestStart(of: operation) != digest {
      return .damaged("its stamp names operation \(operation), which is not in the log")
    }
    let commits = try Row.fetchAll(other, sql: "SELECT number, id FROM commits ORDER BY number")
    let known = Set(try commits.map { try $0.decode(Data.self, atIndex: 1) })
    // Where history cannot be walked there is nothing to compare with.
    let current = try tips()
    _ = try git.ancestry(from: current)
    // Commits that no reference leads to may have been removed since.
    let hidden = try stampedTips.filter { try git.commitIfPresent($0) != nil }
    for id in try git.ancestry(from: hidden) where !known.contains(Data(id.bytes)) {
      return .damaged("it lacks the commit \(id)")
    }
    if let flaw = try replay(commits) { return flaw }
    try database.writeOnce { database in
      for logged in try operations.all() where logged.sequence <= operation {
        for id in logged.operation.objects { try self.add(run: id, operation: logged.sequence, database) }
        for id in logged.operation.removed { try self.remove(run: id, database) }
      }
      try self.fillLookups(like: other, database)
    }
    let flaw = try database.read({ try Self.difference(other, $0) }, rebuild: {})
    if let flaw { return .damaged(flaw) }
    if stampedTips != current { return .behind("it does not know the newest commits yet") }
    if operation != (try operations.latest()?.sequence ?? 0) {
      return .behind("it does not know the newest operations yet")
    }
    return nil
  }

  /// Takes in the commits in the order in which the other did.
  private func replay(_ commits: [Row]) throws -> IndexFlaw? {
    try database.writeOnce { database in
      var numbers: [CommitID: Int64] = [:]
      for row in commits {
        let (number, data): (Int64, Data) = (try row.decode(atIndex: 0), try row.decode(atIndex: 1))
        guard let id = CommitID(bytes: data) else { return .damaged("it names an impossible commit") }
        guard let commit = try self.git.commitIfPresent(id) else {
          // No reference leads there, or it would have been missed above.
          return .behind("it still knows the commit \(id), which was removed")
        }
        for parent in commit.parents where numbers[parent] == nil {
          return .damaged("it lacks the commit \(parent) before \(id)")
        }
        numbers[id] = number
        try self.add(commit, number: number, IndexNews(), database)
      }
      return nil
    }
  }

  /// The first difference between the definitions and rows of two databases, or nil.
  private static func difference(_ found: Database, _ wanted: Database) throws -> String? {
    let definitions = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"
    if try difference(definitions, found, wanted) != nil { return "its tables are not as they must be" }
    let tables = try String.fetchAll(
      wanted,
      sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    for table in tables where table != "stamp" {
      let columns = try wanted.columns(in: table).map { "\"\($0.name)\"" }.joined(separator: ", ")
      let rows = "SELECT \(columns) FROM \"\(table)\" ORDER BY \(columns)"
      if let row = try difference(rows, found, wanted) {
        return "the table `\(table)` does not agree with history at row \(row)"
      }
    }
    return nil
  }

  private static func difference(_ sql: String, _ found: Database, _ wanted: Database) throws -> Int? {
    let left = try Row.fetchCursor(found, sql: sql)
    let right = try Row.fetchCursor(wanted, sql: sql)
    var row = 0
    while true {
      row += 1
      switch (try left.next(), try right.next()) {
      case (nil, nil): return nil
      case (let left?, let right?): if !left.databaseValues.elementsEqual(right.databaseValues) { return row }
      default: return row
      }
    }
  }
}
