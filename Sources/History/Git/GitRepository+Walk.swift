import CGit2

extension GitRepository {
  /// The commits reachable from `tips` and not from `hidden`, children before parents and newer before older.
  ///
  /// - Parameter limit: the most commits to return; nil for all.
  public func log(
    from tips: [CommitID], excluding hidden: [CommitID] = [], limit: Int? = nil
  ) throws(GitError) -> [GitCommit] {
    try exclusively { repository throws(GitError) in
      var found: [GitCommit] = []
      try Self.walk(from: tips, excluding: hidden, oldestFirst: false, limit: limit ?? .max, repository) {
        id throws(GitError) in
        found.append(try Self.commit(id, repository))
      }
      return found
    }
  }

  /// The ids of the commits reachable from `tips` and not from `hidden`, parents before children.
  public func ancestry(from tips: [CommitID], excluding hidden: [CommitID] = []) throws(GitError)
    -> [CommitID]
  {
    try exclusively { repository throws(GitError) in
      var found: [CommitID] = []
      try Self.walk(from: tips, excluding: hidden, oldestFirst: true, limit: .max, repository) {
        id throws(GitError) in
        found.append(id)
      }
      return found
    }
  }

  private static func walk(
    from tips: [CommitID], excluding hidden: [CommitID], oldestFirst: Bool, limit: Int,
    _ repository: OpaquePointer, _ visit: (CommitID) throws(GitError) -> Void
  ) throws(GitError) {
    guard !tips.isEmpty, limit > 0 else { return }
    var walk: OpaquePointer?
    defer { git_revwalk_free(walk) }
    try GitCall.check("walk the history", of: "history") { git_revwalk_new(&walk, repository) }
    var order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue
    if oldestFirst { order |= GIT_SORT_REVERSE.rawValue }
    try GitCall.check("walk the history", of: "history") { git_revwalk_sorting(walk, order) }
    for tip in tips {
      var oid = tip.oid
      try GitCall.check("walk from \(tip)", of: "commit \(tip)") { git_revwalk_push(walk, &oid) }
    }
    for commit in hidden {
      var oid = commit.oid
      try GitCall.check("walk up to \(commit)", of: "commit \(commit)") { git_revwalk_hide(walk, &oid) }
    }
    var left = limit
    var oid = git_oid()
    while left > 0 {
      let isOver = try GitCall.check("walk the history", of: "parent of a commit") {
        let code = git_revwalk_next(&oid, walk)
        return code == GIT_ITEROVER.rawValue ? 1 : code
      }
      if isOver == 1 { return }
      try visit(CommitID(oid))
      left -= 1
    }
  }

  /// The best common ancestor of two commits, or nil when they share no history.
  public func mergeBase(_ left: CommitID, _ right: CommitID) throws(GitError) -> CommitID? {
    try exclusively { repository throws(GitError) in
      var (one, two, base) = (left.oid, right.oid, git_oid())
      do throws(GitError) {
        try GitCall.check("find the merge base of \(left) and \(right)", of: "merge base") {
          git_merge_base(&base, repository, &one, &two)
        }
      } catch .notFound { return nil }
      return CommitID(base)
    }
  }

  /// All best common ancestors of two commits: more than one after criss-cross merges.
  public func mergeBases(_ left: CommitID, _ right: CommitID) throws(GitError) -> [CommitID] {
    try mergeBases([left], right)
  }

  /// All best common ancestors of a commit and of what a merge of others would be.
  public func mergeBases(_ others: [CommitID], _ commit: CommitID) throws(GitError) -> [CommitID] {
    try exclusively { repository throws(GitError) in
      var bases = git_oidarray()
      defer { git_oidarray_dispose(&bases) }
      let ids = ([commit] + others).map(\.oid)
      do throws(GitError) {
        try GitCall.check("find the merge bases of \(others) and \(commit)", of: "merge base") {
          git_merge_bases_many(&bases, repository, ids.count, ids)
        }
      } catch .notFound { return [] }
      return (0..<bases.count).map { CommitID(bases.ids[$0]) }
    }
  }

  /// Whether `ancestor` is `commit` or one of the commits it follows.
  public func isAncestor(_ ancestor: CommitID, of commit: CommitID) throws(GitError) -> Bool {
    guard ancestor != commit else { return true }
    return try exclusively { repository throws(GitError) in
      var (descendant, old) = (commit.oid, ancestor.oid)
      return try GitCall.check("compare \(ancestor) and \(commit)", of: "commit \(ancestor) or \(commit)") {
        git_graph_descendant_of(repository, &descendant, &old)
      } == 1
    }
  }
}
