import History
import Objects
import Records
public import Workbench

/// What a user can see of a repository and of the files that verbs write beside it.
public struct Observation: Equatable, Sendable {
  /// References and where they point; empty when there is no repository.
  public var references: [String: String] = [:]
  /// Staged batches, in their order.
  public var staged: [String] = []
  /// The merge that waits, with what was decided.
  public var merge: String?
  /// How many objects operations named. Not which: a run names how long it took.
  public var noted = 0
  /// Digests of the files beside the repository that were asked about, by name.
  public var files: [String: String] = [:]
  /// Digest of what a checkout of each reachable commit gives.
  public var contents: [String: String] = [:]
  /// Whether there is a repository.
  public var exists = false

  /// The names of the files beside the repository that verbs write.
  static let outputs = ["mdata.lock", "out.jsonl"]

  /// Looks at everything, reading and verifying every record of every commit.
  public init(_ session: Session) throws {
    for name in Self.outputs {
      let path = session.directory + "/" + name
      guard try POSIXFileSystem().status(path) != nil else { continue }
      files[name] = Self.digest(try POSIXFileSystem().contents(of: path, limit: 1 << 30))
    }
    let path = session.directory + "/" + Repository.folderName
    guard try POSIXFileSystem().status(path + "/format") != nil else { return }
    exists = true
    let repository = try Repository(path: path, fileSystem: POSIXFileSystem())
    let git = try repository.git()
    var tips: [CommitID] = []
    for (name, target) in try git.references() {
      references[name.full] = target.description
      if let commit = try git.commit(at: name) { tips.append(commit) }
    }
    for id in try git.ancestry(from: tips) { contents[id.hex] = try Self.content(of: id.hex, session) }
    staged = try repository.stagedBatches().map {
      _ = try repository.staging.pairs(of: $0)
      return $0.batch.hex
    }
    merge = try repository.pendingMerge().map { merge in
      "\(merge.theirs) \(merge.decisions.map { "\($0.record) \($0.choice)" })"
    }
    for object in try repository.operations.list().flatMap(\.operation.objects) {
      _ = try repository.store.read(object, .run)
      noted += 1
    }
  }

  private static func content(of commit: String, _ session: Session) throws -> String {
    let hasher = SHA256()
    hasher.begin()
    _ = try CheckoutRequest(
      version: .revision(commit), target: .stream { hasher.update($0) }, format: "alpaca-jsonl"
    ).run(in: session)
    return hasher.finish().hex
  }

  private static func digest(_ bytes: [UInt8]) -> String {
    let hasher = SHA256()
    hasher.begin()
    bytes.withUnsafeBytes { hasher.update($0) }
    return hasher.finish().hex
  }

  /// The same without a commit that the current branch, or a HEAD of its own, points at.
  func without(_ commit: String, parent: String?) -> Observation {
    var copy = self
    copy.contents[commit] = nil
    for (name, target) in references where target == commit { copy.references[name] = parent }
    return copy
  }
}
