import Objects
import Records
import Testing

@testable import History

extension Repository {
  static func make(in folder: TemporaryFolder) throws -> Repository {
    try create(at: folder.at(".mdata"), fileSystem: POSIXFileSystem())
  }

  func reopened() throws -> Repository { try Repository(path: path, fileSystem: fileSystem) }

  func change(_ verb: String = "commit", at seconds: Int64 = 1_700_000_000) throws -> Transaction {
    try begin(
      verb: verb, description: "a \(verb)", identity: .ada, time: GitTime(seconds: seconds), wait: 0)
  }
}

extension Transaction {
  /// Commits a version that holds exactly `entries`, on the current branch.
  @discardableResult
  func commit(_ entries: [TreeEntry], parents: [CommitID], message: String) throws -> CommitID {
    let records = try build(sorted: entries.sorted { $0.key < $1.key })
    let batches = try build(sorted: [])
    return try commit(
      Dataset(snapshot: records.id, records: records.count, batches: batches.id, batchCount: 0),
      parents: parents, message: message, moving: .head)
  }
}
