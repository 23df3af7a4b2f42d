import History
import Objects
import Records

/// An open repository as the use cases see it: revisions and record ids in words, commits with their datasets.
final class Workspace {
  let session: Session
  let repository: Repository
  private var datasets: [CommitID: Dataset] = [:]
  private var names: [CommitID: [String]]?

  /// Opens the repository that the session's folder lies in.
  init(_ session: Session) throws {
    self.session = session
    repository = try Repository.open(containing: session.directory, fileSystem: POSIXFileSystem())
  }

  var store: ObjectStore { repository.store }
  var git: GitRepository { get throws { try repository.git() } }

  // MARK: Versions

  func resolve(_ revision: String) throws -> GitCommit {
    let found = try git.resolve(revision)
    return try git.commit(found.commit)
  }

  func commit(_ id: CommitID) throws -> GitCommit { try git.commit(id) }

  /// The commit HEAD points at; nil before the first.
  func headCommit() throws -> GitCommit? {
    guard let id = try repository.head().commit else { return nil }
    return try git.commit(id)
  }

  func currentBranch() throws -> String { try repository.head().branch.short }

  func dataset(of commit: GitCommit) throws -> Dataset {
    if let known = datasets[commit.id] { return known }
    let dataset = try repository.dataset(of: commit.id)
    datasets[commit.id] = dataset
    return dataset
  }

  func tree(of commit: GitCommit) throws -> SnapshotTree { repository.tree(try dataset(of: commit).snapshot) }

  func history(from commit: GitCommit, limit: Int?) throws -> [GitCommit] {
    try git.log(from: [commit.id], limit: limit)
  }

  func counts(from old: GitCommit?, to new: GitCommit) throws -> ChangeCounts {
    var counts = ChangeCounts()
    guard let old else {
      counts.added = try dataset(of: new).records
      return counts
    }
    var diff = try tree(of: old).diff(to: tree(of: new))
    let found = try diff.counts()
    counts.added = found.added
    counts.edited = found.edited
    counts.removed = found.removed
    return counts
  }

  func summary(_ commit: GitCommit) throws -> CommitSummary {
    let dataset = try dataset(of: commit)
    return CommitSummary(
      commit: commit.id.hex, short: try git.shortHex(commit.id), snapshot: dataset.snapshot.hex,
      records: dataset.records, parents: commit.parents.map(\.hex),
      author: "\(commit.author.name) <\(commit.author.email)>", time: commit.time.seconds,
      utcOffset: Int(commit.time.offset), message: Self.trimmed(commit.message), names: try names(of: commit.id))
  }

  private func names(of commit: CommitID) throws -> [String] {
    if names == nil {
      var found: [CommitID: [String]] = [:]
      let current = try repository.head().branch
      for (name, target) in try git.references().sorted(by: { ($0.key == current ? 0 : 1, $0.key) < ($1.key == current ? 0 : 1, $1.key) }) {
        if name == .head { continue }
        if case .commit(let id) = target { found[id, default: []].append(name.short) }
      }
      names = found
    }
    return names?[commit] ?? []
  }

  private static func trimmed(_ message: String) -> String {
    var text = Substring(message)
    while text.last?.isNewline == true { text = text.dropLast() }
    return String(text)
  }

  // MARK: Batches

  /// The batches of a version, in their order.
  func batches(of commit: GitCommit) throws -> [(id: ObjectID, batch: Batch)] {
    var entries = try repository.tree(dataset(of: commit).batches).entries()
    var found: [(id: ObjectID, batch: Batch)] = []
    while let entry = try entries.next() {
      found.append((entry.object, try Batch(parsing: store.read(entry.object, .batch))))
    }
    return found
  }

  func summary(_ batch: (id: ObjectID, batch: Batch)) throws -> BatchSummary {
    BatchSummary(
      batch: try short(BatchPrefix(of: batch.id)), name: batch.batch.source?.name, rows: batch.batch.rows,
      license: batch.batch.license, teacher: batch.batch.teacher)
  }

  func batch(_ prefix: BatchPrefix) throws -> Batch {
    guard let id = try store.batch(prefix) else {
      throw Failure(.data, "the batch `\(prefix.hex)` is missing from the object store")
    }
    return try Batch(parsing: store.read(id, .batch))
  }

  // MARK: Ids

  func short(_ prefix: BatchPrefix) throws -> String { try repository.index().shortPrefix(of: prefix) }

  func short(_ record: RecordID) throws -> String { "\(try short(record.batch)):\(record.row)" }

  /// The record that a written id names.
  func record(_ text: String) throws -> RecordID { try repository.index().record(text) }

  /// The object that a hex prefix names.
  func object(_ text: String) throws -> (ObjectID, ObjectKind) {
    let digits = text.lowercased()
    guard digits.utf8.count >= 4, digits.utf8.count <= 64, digits.utf8.allSatisfy({ Hex.value(of: $0) != nil }) else {
      throw Failure(
        .usage, "`\(text)` is not an object id", hint: "an object id is at least four hex digits; `mdata blame` prints some")
    }
    let matches = try store.matches(hexPrefix: digits)
    guard let match = matches.first else {
      throw Failure(.missing, "there is no object `\(text)`", hint: "`mdata show` prints the snapshot's root, `mdata blame` a record's pair")
    }
    guard matches.count == 1 else {
      let candidates = matches.prefix(5).map { "\($0.0.hex.prefix(digits.count + 4)) (\($0.1.rawValue))" }
      throw Failure(.missing, "`\(text)` is the beginning of \(matches.count) objects", hint: "give more digits: \(candidates.joined(separator: ", "))")
    }
    return match
  }
}
