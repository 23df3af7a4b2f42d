import Glibc
import History
import Objects
import Records
import Workbench

/// Kinds of files in a repository, as they rot.
public enum RotKind: String, CaseIterable, Sendable {
  case pack, gitObject, reference, head, configuration, operation, stagingState, stagingPairs, format, pin,
    index, wal
}

/// One file of the sample.
struct RotFile {
  let path: String
  let kind: RotKind
  let bytes: [UInt8]
}

/// A small repository with one of everything, that is damaged, looked at and put back as it was.
public final class RotSample {
  /// The folder that holds `.mdata` and `mdata.lock`.
  public let folder: String
  let session: Session
  private(set) var files: [RotFile] = []
  private var folders: Set<String> = []
  private(set) var record = ""
  /// The record that stayed of two with the same pair.
  private(set) var kept = ""

  /// Builds the sample in a new folder.
  public init(in parent: String) throws {
    var template = Array("\(parent)/mdata-rot-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    guard let made else { throw Failure(.io, "no folder can be made in \(parent)") }
    folder = made
    session = Session(
      directory: made, now: 1_767_225_600, utcOffset: 0, author: ("A Tester", "tester@localhost"), threads: 1,
      standardInput: -1, steadyClock: { 0 })
    try build()
    try take()
  }

  deinit { remove(folder) }

  private func build() throws {
    func row(_ id: Int, _ output: String) -> String {
      #"{"id":"p\#(id)","instruction":"Question \#(id)?","output":"\#(output)","topic":"t\#(id % 3)"}"# + "\n"
    }
    try write("a.jsonl", (1...5).map { row($0, "Answer \($0 * 7).") }.joined())
    try write("b.jsonl", (6...8).map { row($0, "Reply \($0 * 11).") }.joined())
    try write("c.jsonl", (9...10).map { row($0, "Staged \($0).") }.joined())
    try write("d.jsonl", row(11, "Late."))
    try write("twin.jsonl", row(12, "Late too.") + row(6, "Reply 66."))
    try write("fix.jsonl", row(2, "A better answer."))
    _ = try InitRequest(folder: ".").run(in: session)
    _ = try commit(.files([ImportRequest(source: "a.jsonl")]), "one")
    _ = try NamesRequest(.tag, action: .create("v1", at: "HEAD")).run(in: session)
    _ = try commit(.update(ImportRequest(source: "fix.jsonl"), key: "id"), "two")
    _ = try commit(.files([ImportRequest(source: "b.jsonl")]), "three")
    _ = try NamesRequest(.branch, action: .create("side", at: "v1")).run(in: session)
    try mergeTwins()
    try noteRun()
    _ = try PinRequest(revision: "v1").run(in: session)
    _ = try AddRequest(sources: ["c.jsonl"], provenance: ImportRequest.Provenance()).run(in: session)
  }

  /// A merge that drops a pair that both sides brought, so that there is a report.
  private func mergeTwins() throws {
    _ = try SwitchRequest(branch: "side", create: false).run(in: session)
    _ = try commit(.files([ImportRequest(source: "twin.jsonl")]), "twin")
    _ = try SwitchRequest(branch: "main", create: false).run(in: session)
    guard let twins = try MergeRequest(revision: "side").run(in: session).duplicates.first else {
      throw Failure(.internalError, "the sample's merge found no twins")
    }
    kept = twins.kept
  }

  private func commit(_ change: CommitRequest.Change, _ message: String) throws -> CommitResult {
    try CommitRequest(change: change, message: message).run(in: session)
  }

  /// A training run, without the training.
  private func noteRun() throws {
    let repository = try Repository(path: folder + "/.mdata", fileSystem: POSIXFileSystem())
    let commit = try repository.commit("HEAD")
    var entries = repository.tree(of: commit).entries()
    guard let entry = try entries.next() else { return }
    record = entry.key.description
    let digest = ContentDigest(commit.dataset.snapshot)
    let run = Run(
      commit: commit.id.hex, snapshot: commit.dataset.snapshot, version: "HEAD",
      model: Run.Model(name: "tiny", digest: digest), config: .object([]), template: "alpaca", seed: 1,
      records: Run.Records(
        total: 8, used: 1, seen: [Run.SeenRows(batch: entry.key.batch, rows: [entry.key.row...entry.key.row])]
      ),
      steps: 1, tokens: 9, loss: nil, metrics: nil, output: nil, code: "mdata 0",
      started: Timestamp(secondsSince1970: 0), ended: Timestamp(secondsSince1970: 1))
    let transaction = try repository.begin(
      verb: "train", description: "a run", identity: GitIdentity(name: "A", email: "a@b"),
      time: GitTime(seconds: session.now))
    transaction.note(try transaction.pack.add(.run, run.canonicalBytes))
    try transaction.finish()
  }

  /// Remembers every file; then once more the index while its log is in use.
  private func take() throws {
    for path in paths(under: ".mdata") + ["mdata.lock"] {
      guard let kind = Self.kind(of: path) else { continue }
      files.append(RotFile(path: path, kind: kind, bytes: try read(path)))
    }
    let holder = try Repository(path: folder + "/.mdata", fileSystem: POSIXFileSystem())
    let index = try holder.index()
    settled = try pristine()
    _ = try commit(.files([ImportRequest(source: "d.jsonl")]), "four")
    let log = try read(".mdata/index.sqlite-wal")
    withExtendedLifetime(index) {}
    withExtendedLifetime(holder) {}
    // With the log goes the version that was made for its sake.
    logged = try pristine().filter { !$0.key.hasSuffix("index.sqlite-shm") }
    logged[".mdata/index.sqlite-wal"] = log
    files.append(RotFile(path: ".mdata/index.sqlite-wal", kind: .wal, bytes: log))
    restoreAll(settled)
  }

  private var settled: [String: [UInt8]] = [:]
  private var logged: [String: [UInt8]] = [:]

  /// Every file of the repository as it is.
  func pristine() throws -> [String: [UInt8]] {
    var found: [String: [UInt8]] = [:]
    for path in paths(under: ".mdata") + ["mdata.lock"] where path != ".mdata/lock" {
      found[path] = try read(path)
    }
    return found
  }

  /// Puts everything back as it was before the damage: with the log in use for damage to the log.
  func restore(for kind: RotKind) { restoreAll(kind == .wal ? logged : settled) }

  private func restoreAll(_ wanted: [String: [UInt8]]) {
    for path in paths(under: ".mdata") where wanted[path] == nil && path != ".mdata/lock" {
      unlink(folder + "/" + path)
    }
    for name in entries(folder) where name.hasPrefix("out") { unlink(folder + "/" + name) }
    for (path, bytes) in wanted {
      if let found = try? read(path), found == bytes { continue }
      overwrite(path, bytes)
    }
  }

  static func kind(of path: String) -> RotKind? {
    if path.hasSuffix(".pack") { return .pack }
    if path.hasPrefix(".mdata/history.git/objects/") { return .gitObject }
    if path.hasPrefix(".mdata/history.git/refs/") { return .reference }
    if path == ".mdata/history.git/HEAD" { return .head }
    if path == ".mdata/history.git/config" { return .configuration }
    if path.hasPrefix(".mdata/operations/") { return .operation }
    if path == ".mdata/staging/state.json" { return .stagingState }
    if path.hasPrefix(".mdata/staging/") { return .stagingPairs }
    if path == ".mdata/format" { return .format }
    if path == "mdata.lock" { return .pin }
    if path == ".mdata/index.sqlite" { return .index }
    return nil
  }

  // MARK: Files

  func read(_ path: String) throws -> [UInt8] {
    try POSIXFileSystem().contents(of: folder + "/" + path, limit: 1 << 26)
  }

  private func write(_ path: String, _ text: String) throws {
    try POSIXFileSystem().replaceAtomically(folder + "/" + path, with: Array(text.utf8))
  }

  /// Overwrites or creates a file, as nothing in a repository may.
  func overwrite(_ path: String, _ bytes: [UInt8]) {
    var parent = folder
    for part in path.split(separator: "/").dropLast() {
      parent += "/" + part
      mkdir(parent, 0o755)
    }
    unlink(folder + "/" + path)
    let descriptor = open(folder + "/" + path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, bytes.count - done)
      }
      if count <= 0 { break }
      done += count
    }
    close(descriptor)
  }

  func removeFile(_ path: String) { unlink(folder + "/" + path) }

  private func entries(_ folder: String) -> [String] { (try? POSIXFileSystem().list(folder)) ?? [] }

  private func paths(under inner: String) -> [String] {
    var found: [String] = []
    for name in entries(folder + "/" + inner).sorted() {
      let path = inner + "/" + name
      switch (try? POSIXFileSystem().status(folder + "/" + path))??.kind {
      case .directory: found += paths(under: path)
      case .regular: found.append(path)
      default: continue
      }
    }
    return found
  }

  private func remove(_ path: String) {
    for name in entries(path) {
      let inner = path + "/" + name
      if (try? POSIXFileSystem().status(inner))??.kind == .directory { remove(inner) } else { unlink(inner) }
    }
    rmdir(path)
  }
}
