import History
import Objects
import Records

/// An open repository as the use cases see it: revisions and record ids in words, versions with their batches.
final class Workspace {
  let session: Session
  let repository: Repository
  private var names: [CommitID: [String]]?
  var knownSigningSettings: SigningSettings?
  private var shortPrefixes: [BatchPrefix: String] = [:]

  /// Opens the repository that the session's folder lies in.
  ///
  /// - Throws: ``Failure`` of kind `missing` when there is none.
  init(_ session: Session) throws {
    self.session = session
    repository = try Repository(
      path: Self.find(session), fileSystem: session.fileSystem, threads: session.threads)
  }

  static func find(_ session: Session) throws -> String {
    let directory = session.directory
    guard let status = try session.fileSystem.status(directory), status.kind != .regular else {
      throw Failure(
        .missing, "there is no folder `\(directory)`", hint: "give `-C` the path of a folder that exists")
    }
    var folder = directory
    while true {
      let candidate = folder == "/" ? "/\(Repository.folderName)" : "\(folder)/\(Repository.folderName)"
      if try session.fileSystem.status(candidate)?.kind == .directory { return candidate }
      if folder == "/" || folder.isEmpty || folder == "." { break }
      folder = Session.folder(of: folder)
    }
    throw Failure(.missing, "no repository here: \(directory)", hint: "make one with `mdata init`")
  }

  var store: ObjectStore { repository.store }

  /// Where `mdata.lock` lies: beside `.mdata`.
  var lockFile: String { Session.folder(of: repository.path) + "/" + PinnedVersion.fileName }

  // MARK: Versions

  func resolve(_ revision: String) throws -> Commit {
    if revision == "HEAD", try headCommit() == nil {
      throw Failure(.missing, "there is no version yet", hint: "make one with `mdata commit FILE -m MESSAGE`")
    }
    do {
      let commit = try repository.commit(revision)
      // Names lead to what is kept; an id may be that of a version that was undone and dropped.
      if revision.utf8.allSatisfy({ Hex.value(of: $0) != nil }),
        try !repository.isKept(commit.id, pinned: try? pinnedCommit())
      {
        throw Failure(
          .missing, "the version `\(revision)` was undone or deleted, and `mdata gc` no longer keeps it",
          hint: "`mdata log`, `mdata branch` and `mdata tag` list versions")
      }
      return commit
    } catch GitError.badRevision(let text, let reason, let candidates) {
      let known = try repository.git().references().keys.map(\.short)
      var failure = Failure(.missing, "`\(text)` is not a version: \(reason)")
      if text.contains("~") || text.contains("^") {
        throw failure.hinting("`mdata log` lists versions with those before them")
      }
      if text.contains("..") {
        failure.hints.append(
          "one version is asked for; `mdata diff \(text)` and `mdata log \(text)` take two")
      } else if let near = Suggestion.closest(to: text, among: known)
        ?? (candidates.count == 1 ? candidates[0] : nil)
      {
        if near != text { failure.hints.append("did you mean `\(near)`?") }
      } else if !candidates.isEmpty {
        failure.hints.append("it could be: \(candidates.joined(separator: ", "))")
      }
      throw failure.hinting("`mdata log`, `mdata branch` and `mdata tag` list versions")
    }
  }

  func commit(_ id: CommitID) throws -> Commit { try repository.commit(id) }

  /// The commit HEAD points at; nil before the first.
  func headCommit() throws -> Commit? { try repository.head().commit.map(repository.commit) }

  /// The branch commits go to, or the commit itself when HEAD is not on a branch.
  func currentBranch() throws -> String {
    let head = try repository.head()
    return head.branch?.short ?? head.commit?.hex ?? "HEAD"
  }

  func tree(of commit: Commit) -> SnapshotTree { repository.tree(of: commit) }

  func counts(from old: Commit?, to new: Commit) throws -> ChangeCounts {
    guard let old else { return ChangeCounts(added: new.dataset.records) }
    if old.id == new.parents.first, let changes = new.dataset.changes {
      guard old.dataset.records + changes.added - changes.removed == new.dataset.records else {
        throw HistoryError.notADataset(new.id, "its counts of changes do not lead to its number of records")
      }
      return changes
    }
    var diff = tree(of: old).diff(to: tree(of: new))
    return try diff.counts()
  }

  func summary(_ commit: Commit) throws -> CommitSummary {
    CommitSummary(
      commit: commit.id.hex, short: try repository.git().shortHex(commit.id),
      snapshot: commit.dataset.snapshot.hex,
      records: commit.dataset.records, parents: commit.parents.map(\.hex),
      author: commit.author.text, time: commit.time.seconds, utcOffset: Int(commit.time.offset),
      committer: Committer(commit.git.commitment), message: commit.message, names: try names(of: commit.id))
  }

  /// Branches and tags that name a commit, the current branch first.
  func names(of commit: CommitID) throws -> [String] {
    if names == nil {
      var found: [CommitID: [String]] = [:]
      let current = try repository.head().branch
      let references = try repository.git().references().sorted { left, right in
        (left.key == current ? 0 : 1, left.key) < (right.key == current ? 0 : 1, right.key)
      }
      for (name, target) in references where name.branchName != nil || name.tagName != nil {
        guard case .object(var id) = target else { continue }
        // A damaged tag object names nothing here: `fsck` says so.
        if name.tagName != nil, let commit = try? repository.git().commit(at: name) { id = commit }
        found[id, default: []].append(name.short)
      }
      names = found
    }
    return names?[commit] ?? []
  }

  // MARK: Batches

  /// Ids of a version's batches, in their order.
  func batchIDs(of commit: Commit) throws -> [ObjectID] {
    var entries = repository.batches(of: commit).entries()
    var found: [ObjectID] = []
    while let entry = try entries.next() { found.append(entry.object) }
    return found
  }

  /// The batches of a version, in their order.
  func batches(of commit: Commit) throws -> [(id: ObjectID, batch: Batch)] {
    try batchIDs(of: commit).map { ($0, try batch($0)) }
  }

  func batch(_ id: ObjectID) throws -> Batch { try Batch(parsing: store.read(id, .batch)) }

  func batch(_ prefix: BatchPrefix) throws -> Batch {
    guard let id = try store.batch(prefix) else {
      throw Failure(
        .data, "the batch `\(prefix.hex)` is missing from the object store",
        hint: Failure.damageHint)
    }
    return try batch(id)
  }

  func summary(_ id: ObjectID, _ batch: Batch) throws -> BatchSummary {
    BatchSummary(
      batch: try short(BatchPrefix(of: id)), name: batch.source?.name, rows: batch.rows,
      license: batch.license,
      teacher: batch.teacher)
  }

  // MARK: Ids

  /// The shortest prefix of a batch that no other batch shares, at least eight digits.
  func short(_ prefix: BatchPrefix) throws -> String {
    if let known = shortPrefixes[prefix] { return known }
    let text = try store.batch(prefix).map { store.abbreviation(of: $0) } ?? String(prefix.hex.prefix(8))
    shortPrefixes[prefix] = text
    return text
  }

  func short(_ record: RecordID) throws -> String { "\(try short(record.batch)):\(record.row)" }

  /// The record that a written id names.
  ///
  /// - Throws: ``Failure`` when no batch begins so, or several do.
  func record(_ text: String) throws -> RecordID {
    if let full = RecordID(text) { return full }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (4...24).contains(parts[0].utf8.count),
      parts[0].utf8.allSatisfy({ Hex.value(of: $0) != nil }),
      let row = UInt32(parts[1]), row > 0
    else {
      throw Failure(
        .usage, "`\(text)` is not a record id",
        hint: "a record id is a batch of at least four hex digits, a colon and a row, as in 3fa9c1e2:42")
    }
    return RecordID(batch: try batch(String(parts[0]), followedBy: ":\(row)"), row: row)
  }

  /// The batch that a written prefix of its id names.
  ///
  /// - Throws: ``Failure`` when no batch begins so, or several do.
  func batch(named text: String) throws -> BatchPrefix {
    guard (4...64).contains(text.utf8.count), text.utf8.allSatisfy({ Hex.value(of: $0) != nil }) else {
      throw Failure(
        .usage, "`\(text)` is not the id of a batch: it is not 4 to 64 hex digits",
        hint: "`mdata show` lists the batches of a version")
    }
    return try batch(text, followedBy: "")
  }

  private func batch(_ digits: String, followedBy rest: String) throws -> BatchPrefix {
    let matches = try store.matches(hexPrefix: digits, kinds: [.batch])
    guard let match = matches.first else {
      throw Failure(
        .missing, "no batch begins with `\(digits)`", hint: "`mdata show` lists the batches of a version")
    }
    guard matches.count == 1 else {
      let candidates = matches.map { "\($0.id.hex.prefix(digits.utf8.count + 4))\(rest)" }
      throw Failure(
        .missing, "several batches begin with `\(digits)`",
        hint: "give more digits: \(candidates.joined(separator: ", "))")
    }
    return BatchPrefix(of: match.id)
  }

  /// The record that a written id names, proven to be a row of its batch.
  ///
  /// - Throws: ``Failure`` when its batch is not there or has no such row.
  func existingRecord(_ text: String, _ origins: OriginReader) throws -> RecordID {
    let id = try record(text)
    guard try store.batch(id.batch) != nil else {
      throw Failure(
        .missing, "no batch begins with `\(id.batch.hex)`",
        hint: "`mdata show` lists the batches of a version")
    }
    let rows = try origins.batch(id.batch).batch.rows
    guard (1...rows).contains(Int(id.row)) else {
      throw Failure(
        .missing,
        "there is no record `\(text)`: its batch has \(rows == 1 ? "one row" : "\(rows) rows")",
        hint: "rows count from 1; `mdata diff` prints record ids")
    }
    return id
  }

  /// The object that a hex prefix names.
  ///
  /// - Parameter listing: what lists such objects, for the hints.
  func object(
    _ text: String, _ noun: String = "object",
    listing: String = "`mdata show` and `mdata blame --json` print object ids"
  ) throws -> (ObjectID, ObjectKind) {
    guard (4...64).contains(text.utf8.count), text.utf8.allSatisfy({ Hex.value(of: $0) != nil }) else {
      throw Failure(
        .usage,
        "`\(text)` is not the id of \(noun == "object" ? "an" : "a") \(noun): it is not 4 to 64 hex digits",
        hint: listing)
    }
    let matches = try store.matches(hexPrefix: text)
    guard let match = matches.first else {
      throw Failure(.missing, "there is no \(noun) `\(text)`", hint: listing)
    }
    guard matches.count == 1 else {
      let candidates = matches.prefix(5).map {
        "\($0.id.hex.prefix(text.utf8.count + 4)) (\($0.kind.rawValue))"
      }
      throw Failure(
        .missing, "`\(text)` is the beginning of several objects",
        hint: "give more digits: \(candidates.joined(separator: ", "))")
    }
    return match
  }
}
