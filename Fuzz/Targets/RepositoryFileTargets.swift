import History
import Objects
import Records

extension FuzzTarget {
  private static let goodFormat = Array(#"{"schema":"mdata.repository/v1"}"#.utf8)

  /// A repository made of one file of the fuzzer's, and a sound format file beside it.
  private static func repository(_ path: String, _ bytes: [UInt8]) throws -> Repository {
    var files = ["/r/format": goodFormat]
    files[path] = bytes
    return try Repository(
      path: "/r",
      fileSystem: MemoryFiles(files, folders: ["/r/objects", "/r/operations", "/r/operations/00000000"]))
  }

  /// The file that says a folder is a repository.
  static let format = FuzzTarget("format") { input in
    do {
      _ = try repository("/r/format", input)
    } catch is HistoryError {
      return false
    } catch is ObjectsError {
      return false
    }
    return true
  }

  /// What `add` left for the next commit.
  static let staging = FuzzTarget("staging") { input in
    do {
      let staging = try repository("/r/staging/state.json", input).staging
      for batch in try staging.batches() {
        try promise(batch.rows >= 1 && batch.rows <= Int(UInt32.max), "\(batch.rows) rows")
        do {
          _ = try staging.pairs(of: batch)
          throw BrokenPromise("pairs of a batch that has no file")
        } catch is ObjectsError {}
      }
    } catch is HistoryError {
      return false
    } catch is ObjectsError {
      return false
    }
    return true
  }

  /// The newest file of the log of operations, under the name that its digest gives it: in its group's folder and, as
  /// the first build of format 1 wrote it, without.
  static let operationLog = FuzzTarget("operation-log") { input in
    let hasher = SHA256()
    hasher.begin()
    input.withUnsafeBytes { hasher.update($0) }
    let name = "0000000001-\(hasher.finish().hex.prefix(16)).json"
    do {
      for folder in ["/r/operations", "/r/operations/00000000"] {
        let log = try repository("\(folder)/\(name)", input).operations
        guard let latest = try log.latest() else { throw BrokenPromise("an operation is overlooked") }
        try promise(latest.operation.canonicalBytes == input, "an operation is written as other bytes")
        let isFirst = latest.operation.parent == nil
        do {
          try promise(try log.list().count == 1 && isFirst, "an operation without its parent is accepted")
        } catch is HistoryError {
          try promise(!isFirst, "a first operation is refused")
        }
      }
    } catch is HistoryError {
      return false
    }
    return true
  }
}
