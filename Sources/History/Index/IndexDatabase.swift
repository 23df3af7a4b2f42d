import GRDB
import Glibc
import Objects
import Synchronization

/// What happened to the index that a user may want to know.
public enum IndexNotice: Hashable, Sendable, CustomStringConvertible {
  /// The index was damaged, of another version or did not agree with history, and was built again; the text says
  /// which.
  case rebuilt(String)
  /// The index cannot be kept here, so this process has one of its own.
  case inMemory
  /// A run named by an operation cannot be read, so records do not name it; the text says why.
  case unreadableRun(String)

  /// One sentence for the user.
  public var description: String {
    switch self {
    case .inMemory: "This repository cannot be written, so its index was built in memory for this command."
    case .rebuilt(let reason): "The index was built again: \(reason)."
    case .unreadableRun(let reason): "A run is missing from the index: \(reason)"
    }
  }
}

/// The index disagrees with history.
struct IndexDisagrees: Error {
  let reason: String
}

/// The SQLite file, opened when first used. What SQLite or a caller finds damaged is deleted and built again, once;
/// content is never taken from here, so nothing is lost with it.
final class IndexDatabase: Sendable {
  let path: String
  private let schema: any CacheSchema.Type
  private let state = Mutex(State())

  private struct State {
    var queue: DatabaseQueue?
    var notices: [IndexNotice] = []
  }

  /// A file with the tables of a schema.
  init(path: String, _ schema: any CacheSchema.Type = IndexSchema.self) {
    self.path = path
    self.schema = schema
  }

  /// What happened so far.
  var notices: [IndexNotice] { state.withLock { $0.notices } }

  func note(_ notice: IndexNotice) {
    state.withLock { state in
      if !state.notices.contains(notice) { state.notices.append(notice) }
    }
  }

  /// Runs `body` in a read transaction. When the file turns out to be damaged it is deleted, `rebuild` fills a new
  /// one, and `body` runs again.
  func read<Result>(_ body: (Database) throws -> Result, rebuild: () throws -> Void) throws -> Result {
    try healing(rebuild) { try queue().read(body) }
  }

  /// Runs `body` in a write transaction, healing as ``read(_:rebuild:)`` does.
  func write<Result>(_ body: (Database) throws -> Result, rebuild: () throws -> Void) throws -> Result {
    try healing(rebuild) { try writeOnce(body) }
  }

  /// Runs `body` in a write transaction.
  func writeOnce<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try placing {
      let queue = try queue()
      return try queue.writeWithoutTransaction { database in
        var result: Result?
        try database.inTransaction(.immediate) {
          result = try body(database)
          return .commit
        }
        guard let result else { throw IndexDisagrees(reason: "a transaction did not run") }
        return result
      }
    }
  }

  /// Says of an error that comes from the disk or the system which file it is about; damage is passed on for who heals.
  private func placing<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      guard Self.damage(error) == nil else { throw error }
      throw Self.systemError(error, path) ?? error
    }
  }

  /// Runs `body` in a read transaction, once.
  func readOnce<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try placing { try queue().read(body) }
  }

  /// Closes the file; the next use opens it again.
  func close() throws {
    let queue = state.withLock { state in
      defer { state.queue = nil }
      return state.queue
    }
    try queue?.close()
  }

  /// Deletes the file. The next use makes an empty one.
  func delete() throws {
    try? close()
    for suffix in ["", "-wal", "-shm", "-journal"] { unlink(path + suffix) }
  }

  /// Runs `body`, which may take several transactions. When the file turns out to be damaged it is deleted,
  /// `rebuild` fills a new one, and `body` runs again.
  func healing<Result>(_ rebuild: () throws -> Void, _ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch {
      guard let reason = Self.damage(error) else { throw Self.systemError(error, path) ?? error }
      note(.rebuilt(reason))
      try delete()
      try rebuild()
      return try body()
    }
  }

  /// Why an error means that the file is to be built again; nil when it means something else, such as a full disk.
  private static func damage(_ error: any Error) -> String? {
    if let error = error as? IndexDisagrees { return error.reason }
    if error is RowDecodingError { return "it holds values of the wrong type" }
    guard let error = error as? DatabaseError else { return nil }
    switch error.resultCode {
    case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_ERROR, .SQLITE_MISMATCH, .SQLITE_CONSTRAINT, .SQLITE_FORMAT,
      .SQLITE_SCHEMA, .SQLITE_TOOBIG, .SQLITE_RANGE:
      return "it was damaged (\(error.message ?? "no reason was given"))"
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHORT_READ:
      return "it was cut short"
    default: return CheckedPages.flaw(error)
    }
  }

  /// What an error is to the user that comes from the disk or the system, not from the file.
  private static func systemError(_ error: any Error, _ path: String) -> ObjectsError? {
    guard let error = error as? DatabaseError else { return nil }
    switch error.resultCode {
    case .SQLITE_FULL: return .system(call: "write", path: path, code: ENOSPC)
    // The file of shared memory beside the log could not grow: that is how a full disk looks here.
    case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE:
      return .system(call: "write", path: path, code: ENOSPC)
    case .SQLITE_IOERR: return .system(call: "use", path: path, code: EIO)
    case .SQLITE_CANTOPEN: return .system(call: "open", path: path, code: EIO)
    case .SQLITE_READONLY, .SQLITE_PERM: return .system(call: "write", path: path, code: EACCES)
    case .SQLITE_BUSY, .SQLITE_LOCKED: return .locked(path: path, holder: "another process")
    default: return nil
    }
  }

  private func queue() throws -> DatabaseQueue {
    if let queue = state.withLock({ $0.queue }) { return queue }
    let opened: DatabaseQueue
    do {
      opened = try open()
    } catch {
      guard let reason = Self.damage(error) else { throw error }
      note(.rebuilt(reason))
      try delete()
      opened = try open()
    }
    return state.withLock { state in
      if let queue = state.queue { return queue }
      state.queue = opened
      return opened
    }
  }

  /// Whoever may read a repository and not write it has an index in memory, for as long as the process lives.
  private func open() throws -> DatabaseQueue {
    do {
      return try open { try DatabaseQueue(path: path, configuration: $0) }
    } catch let error as DatabaseError where Self.forbids(error) {
      note(.inMemory)
      return try open { try DatabaseQueue(configuration: $0) }
    }
  }

  private static func forbids(_ error: DatabaseError) -> Bool {
    [.SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM].contains(error.resultCode)
  }

  private func open(_ make: (Configuration) throws -> DatabaseQueue) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(5)
    try CheckedPages.install()
    configuration.prepareDatabase { database in
      try CheckedPages.leaveRoom(in: database)
      // No sync at commit: a power cut costs at most the newest entries, which the stamp then shows to be missing.
      try database.execute(
        sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA trusted_schema = OFF")
    }
    let queue = try make(configuration)
    // Two numbers of the header: no transaction is needed to read them, and nearly always they are all.
    if try queue.unsafeRead({ try schema.isCurrent($0) }) { return queue }
    let isCurrent = try queue.writeWithoutTransaction { database in
      var isCurrent = false
      try database.inTransaction(.immediate) {
        // Another process may have been first.
        if try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") == 0 {
          try schema.create(in: database)
        }
        isCurrent = try schema.isCurrent(database)
        return .commit
      }
      return isCurrent
    }
    guard isCurrent else {
      try queue.close()
      throw IndexDisagrees(reason: "another version of mdata wrote it")
    }
    return queue
  }
}
