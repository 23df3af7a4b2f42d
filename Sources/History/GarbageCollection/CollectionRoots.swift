import Objects
import Records

/// What a repository must keep, before what follows from it: the commits of references and pins, what operations can
/// still bring back, the runs that count, and what is staged.
struct CollectionRoots {
  /// Commits of branches, tags and HEAD, of operations after the horizon, and of the pinned version.
  private(set) var commits: Set<CommitID> = []
  /// Commits that runs were trained on. One may have been undone and dropped while its training went on.
  private(set) var trained: Set<CommitID> = []
  /// Training runs.
  private(set) var runs: Set<ObjectID> = []
  /// The staging states of operations after the horizon, and the current one.
  private(set) var staging: Set<StagingState> = []

  /// Collects them as they are at this moment.
  ///
  /// - Parameters:
  ///   - horizon: operations up to this number need not be undone any more.
  ///   - pinned: the commit that `mdata.lock` names.
  init(_ repository: Repository, horizon: Int, pinned: CommitID?) throws {
    let git = try repository.git()
    for name in try git.references().keys {
      if let id = try git.commit(at: name) { commits.insert(id) }
    }
    if let pinned, try git.commitIfPresent(pinned) != nil { commits.insert(pinned) }
    staging.insert(try repository.staging.current())
    var counting: Set<ObjectID> = []
    for logged in try repository.operations.list().reversed() {
      let operation = logged.operation
      counting.formUnion(operation.objects)
      counting.subtract(operation.removed)
      guard logged.sequence > horizon else { continue }
      runs.formUnion(operation.objects + operation.removed)
      for target in Array(operation.before.values) + Array(operation.after.values) {
        if let id = CommitID(hex: target), let commit = try git.peeledIfPresent(id) { commits.insert(commit) }
      }
      if let change = operation.staging {
        for digest in [change.before, change.after] {
          if let digest { staging.insert(try repository.staging.state(digest)) }
        }
      }
    }
    let merges = staging.compactMap(\.merge)
    commits.formUnion(merges.map(\.theirs) + merges.compactMap(\.base))
    runs.formUnion(counting)
    for id in runs {
      let run = try Run(parsing: repository.store.read(id, .run))
      if let commit = CommitID(hex: run.commit), try git.commitIfPresent(commit) != nil {
        trained.insert(commit)
      }
    }
  }

  /// Whether a commit is one of the roots, or one that a root follows.
  func keep(_ id: CommitID, _ git: GitRepository) throws -> Bool {
    try commits.union(trained).contains { root in
      do { return try git.isAncestor(id, of: root) } catch GitError.notFound { return false }
    }
  }

  /// The highest number of an operation so that it and all before it were done at a moment or earlier.
  static func horizon(_ repository: Repository, before moment: Timestamp) throws -> Int {
    var horizon = 0
    for logged in try repository.operations.list().reversed() {
      // Both are written alike, to the second: bytes compare as moments do.
      guard !moment.text.utf8.lexicographicallyPrecedes(logged.operation.time.text.utf8) else { break }
      horizon = logged.sequence
    }
    return horizon
  }
}
