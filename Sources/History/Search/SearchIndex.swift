import Foundation
import GRDB
import Objects
public import Records
import Synchronization

/// Why the search index cannot be used.
public enum SearchError: Error, Equatable, CustomStringConvertible {
  /// Another process is building it.
  case busy
  /// Its file cannot be opened, read or written; the text says why.
  case file(path: String, String)

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .busy: "Another process is building the search index."
    case .file(let path, let reason): "The search index at \(path) cannot be used: \(reason)."
    }
  }
}

/// Full text search over the pairs of versions: which pairs have which words, and which records have which pairs. A
/// cache in SQLite (`.mdata/search.sqlite`): it is built when first used and caught up by what is new; no commit
/// touches it; deleted or damaged, it is built again. Made by ``Repository/search()``.
///
/// What it says is where to look: a hit is read from the packs and looked at again before it is given out, so a
/// damaged file can miss a hit but cannot make one up. ``discard()`` is the remedy for misses.
public final class SearchIndex: Sendable {
  let database: IndexDatabase
  let store: ObjectStore

  /// Records taken in with one transaction: an interrupted build goes on where it was.
  private static let stride = 8_192

  init(path: String, store: ObjectStore) {
    database = IndexDatabase(path: path, SearchSchema.self)
    self.store = store
  }

  /// What happened to the file since it was opened; empty as a rule.
  public var notices: [String] {
    database.notices.compactMap { notice in
      switch notice {
      case .rebuilt(let reason): "The search index was built again: \(reason)."
      case .inMemory:
        "This repository cannot be written, so its search index was built in memory for this command."
      case .unreadableRun: nil
      }
    }
  }

  /// Takes in a snapshot. Costs what differs from one that was taken in before, next to nothing when none does.
  ///
  /// - Parameters:
  ///   - near: snapshots that are likely to be like this one, the likeliest first; asked when there is something to do.
  ///   - progress: called with the number of records taken in so far, now and then.
  public func catchUp(
    to snapshot: ObjectID, near: () throws -> [ObjectID] = { [] }, progress: (Int) -> Void = { _ in }
  ) throws {
    try translating { try database.healing({}, { try take(snapshot, near, progress) }) }
  }

  /// Deletes the file; the next search builds it again.
  public func discard() throws { try translating { try database.delete() } }

  /// Runs `body` and says what SQLite cannot do in words of ours.
  func translating<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      let reason = error.message ?? "SQLite gave no reason"
      switch error.resultCode {
      case .SQLITE_BUSY, .SQLITE_LOCKED: throw SearchError.busy
      default: throw SearchError.file(path: database.path, reason)
      }
    }
  }

  private func take(_ snapshot: ObjectID, _ near: () throws -> [ObjectID], _ progress: (Int) -> Void) throws {
    let taken = try database.readOnce {
      try Data.fetchAll($0, sql: "SELECT root FROM snapshots ORDER BY number DESC")
    }
    let roots = taken.compactMap { ObjectID(bytes: $0) }
    guard roots.count == taken.count else { throw IndexDisagrees(reason: "it held an impossible snapshot") }
    if roots.contains(snapshot) { return }
    // Else the newest one; it must still be there, since one that no version leads to any more may have been removed.
    let known = Set(roots)
    let base = try (roots.isEmpty ? [] : near().filter(known.contains) + roots).first {
      store.contains($0, .node)
    }
    do {
      try takeDifference(from: base, to: snapshot, progress)
    } catch ObjectsError.missing(_, .node) where base != nil {
      try takeDifference(from: nil, to: snapshot, progress)
    }
    try database.writeOnce { database in
      try database.execute(
        sql: "INSERT OR IGNORE INTO snapshots (root) VALUES (?)", arguments: [Data(snapshot.bytes)])
    }
  }

  private func takeDifference(from base: ObjectID?, to snapshot: ObjectID, _ progress: (Int) -> Void) throws {
    var diff = TreeDiff(old: base.map(tree), new: tree(snapshot))
    let reader = try ObjectReader(store)
    var done = 0
    var entries: [TreeEntry] = []
    var isAtEnd = false
    while !isAtEnd {
      entries.removeAll(keepingCapacity: true)
      while entries.count < Self.stride {
        guard let delta = try diff.next() else {
          isAtEnd = true
          break
        }
        if let entry = delta.new { entries.append(entry) }
      }
      if entries.isEmpty { continue }
      try database.writeOnce { try SearchFiller($0, reader).add(entries) }
      done += entries.count
      progress(done)
    }
  }

  func tree(_ root: ObjectID) -> SnapshotTree {
    let store = store
    return SnapshotTree(root: root) { try store.read($0, .node) }
  }
}

/// Adds records to the search index, within one transaction.
private struct SearchFiller {
  private let database: Database
  private let reader: ObjectReader
  private let find: Statement
  private let addPair: Statement
  private let addText: Statement
  private let addPlace: Statement
  private var batches: [BatchPrefix: Int64] = [:]

  init(_ database: Database, _ reader: ObjectReader) throws {
    self.database = database
    self.reader = reader
    find = try database.makeStatement(sql: "SELECT number, id FROM pairs WHERE word = ?")
    addPair = try database.makeStatement(sql: "INSERT INTO pairs (word, id) VALUES (?, ?)")
    let fields = SearchField.allCases
    addText = try database.makeStatement(
      sql: """
        INSERT INTO texts (rowid, \(SearchSchema.fields)) VALUES (?\(String(repeating: ", ?", count: fields.count)))
        """)
    addPlace = try database.makeStatement(sql: "INSERT OR IGNORE INTO places VALUES (?, ?, ?)")
  }

  func add(_ entries: [TreeEntry]) throws {
    var copy = self
    for entry in entries {
      let pair = try number(of: entry.object)
      try addPlace.execute(arguments: [pair, try copy.number(of: entry.key.batch), Int64(entry.key.row)])
    }
  }

  private func number(of pair: ObjectID) throws -> Int64 {
    let word = Int64(bitPattern: pair.word0)
    for row in try Row.fetchAll(find, arguments: [word]) {
      let id: Data = try row.decode(atIndex: 1)
      if ObjectID(bytes: id) == pair { return try row.decode(atIndex: 0) }
    }
    try addPair.execute(arguments: [word, Data(pair.bytes)])
    let number = database.lastInsertedRowID
    let texts = try SearchTexts(pair, reader).fields.map { text in text.map { $0.databaseValue } ?? .null }
    try addText.execute(arguments: StatementArguments([number.databaseValue] + texts))
    return number
  }

  private mutating func number(of batch: BatchPrefix) throws -> Int64 {
    if let known = batches[batch] { return known }
    let prefix = Data(batch.data)
    try database.execute(sql: "INSERT OR IGNORE INTO batches (prefix) VALUES (?)", arguments: [prefix])
    guard
      let number = try Int64.fetchOne(
        database, sql: "SELECT number FROM batches WHERE prefix = ?", arguments: [prefix])
    else { throw IndexDisagrees(reason: "it had lost a batch") }
    batches[batch] = number
    return number
  }
}

/// The texts of a pair, in the order of ``SearchField``.
struct SearchTexts {
  let fields: [String?]

  init(fields: [String?]) { self.fields = fields }

  init(_ id: ObjectID, _ reader: ObjectReader) throws {
    let pair = try Pair(canonical: reader.bytes(of: id, .pair))
    fields = SearchField.allCases.map { field in
      switch field {
      case .instruction: pair.instruction
      case .input: pair.input
      case .output: pair.output
      case .system: pair.system
      case .turns: pair.turns.isEmpty ? nil : pair.turns.map(\.content).joined(separator: "\n")
      }
    }
  }
}
