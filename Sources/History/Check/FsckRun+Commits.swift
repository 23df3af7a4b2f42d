import Objects
import Records

/// What a check knows about a commit.
struct CommitFacts {
  var parents: [CommitID] = []
  /// Nil when the commit is no version that can be read.
  var dataset: Dataset?
}

extension FsckRun {
  /// Follows history from every place that names a commit and looks into each version once.
  func checkCommits() {
    var waiting: [CommitID] = []
    var seen: Set<CommitID> = []
    func want(_ id: CommitID?) {
      if let id, seen.insert(id).inserted { waiting.append(id) }
    }
    for (name, entry) in references.entries {
      guard let value = entry.value, let id = CommitID(hex: value) else { continue }
      // A reference that names nothing is judged as a reference, unless operations know the commit.
      if let peeled = peeled(id) {
        want(peeled)
      } else if ledger.expected[name] == value {
        want(followed(id))
      }
    }
    for id in ledger.commits { want(followed(id)) }
    want(pinnedCommit())
    let merge = try? StagingArea(folder: at("staging"), fileSystem: fileSystem).current().merge
    want(merge?.theirs)
    want(merge?.base)
    var done = 0
    let tree = inventory.map { TreeCheck(inventory: $0, losses: losses) }
    while let id = waiting.popLast() {
      let facts = examine(id)
      commits[id] = facts
      for parent in facts.parents { want(parent) }
      if let dataset = facts.dataset, let tree { tree.check(dataset, of: id) }
      done += 1
      progress(.versions, done, done + waiting.count)
    }
    checkCounts()
    counts.commits = commits.values.count { $0.dataset != nil }
    counts.records = tree?.records ?? 0
    reportGitLosses()
  }

  /// Holds what each version says that it changed to the two trees. Where these are damaged there is nothing to count.
  private func checkCounts() {
    guard let store = try? ObjectStore(directory: at("objects"), fileSystem: fileSystem) else { return }
    func tree(_ root: ObjectID) -> SnapshotTree { SnapshotTree(root: root) { try store.read($0, .node) } }
    for (id, facts) in commits.sorted(by: { $0.key < $1.key }) {
      guard let dataset = facts.dataset, let said = dataset.changes else { continue }
      let old = facts.parents.first.flatMap { commits[$0]?.dataset }
      if old == nil, !facts.parents.isEmpty { continue }
      var diff = TreeDiff(old: old.map { tree($0.snapshot) }, new: tree(dataset.snapshot))
      guard let counts = try? diff.counts(), counts != said else { continue }
      damage(
        .history, "history.git", "\(Dataset.fileName) does not say what the version changed", commits: [id],
        next: "nothing: `mdata diff` counts for itself")
    }
  }

  private func examine(_ id: CommitID) -> CommitFacts {
    var facts = CommitFacts()
    guard let bytes = gitObject(id, .commit, for: id) else { return facts }
    guard let text = GitText.commit(bytes) else {
      lose(id, "it is not a commit as mdata writes it", for: id)
      return facts
    }
    facts.parents = text.parents
    guard let dataset = files(of: text.tree, for: id, depth: 0) else { return facts }
    facts.dataset = dataset
    return facts
  }

  /// Reads all files under a tree, and `dataset.json` of the topmost.
  private func files(of tree: CommitID, for commit: CommitID, depth: Int) -> Dataset? {
    guard let bytes = gitObject(tree, .tree, for: commit) else { return nil }
    guard let items = GitText.tree(bytes) else {
      lose(tree, "it is not a tree as git writes it", for: commit)
      return nil
    }
    var dataset: Dataset?
    for item in items {
      if item.isFolder {
        if depth < 16 { _ = files(of: item.id, for: commit, depth: depth + 1) }
        continue
      }
      let isDataset = depth == 0 && item.name.elementsEqual(Dataset.fileName.utf8)
      guard let file = gitObject(item.id, .blob, for: commit) else { continue }
      guard isDataset else { continue }
      do throws(ObjectFormatError) {
        dataset = try Dataset(parsing: file)
      } catch {
        lose(item.id, "it is not a \(Dataset.fileName): \(error)", for: commit)
      }
    }
    if depth == 0, !items.contains(where: { $0.name.elementsEqual(Dataset.fileName.utf8) }) {
      lose(tree, "it has no \(Dataset.fileName)", for: commit)
    }
    return dataset
  }

  private func gitObject(_ id: CommitID, _ type: GitObjects.ObjectType, for commit: CommitID) -> [UInt8]? {
    guard let git else {
      lose(id, "the git repository's objects cannot be opened", for: commit)
      return nil
    }
    switch git.read(id) {
    case .success(let (found, bytes)):
      if found == type { return bytes }
      lose(id, "it is of another type", for: commit)
    case .failure(let flaw):
      lose(id, flaw.reason, for: commit)
      // What a repair will bring back is looked at as it will be.
      if let whole = salvagedGitObjects[id], let end = whole.firstIndex(of: 0) {
        return Array(whole[(end + 1)...])
      }
    }
    return nil
  }

  private func lose(_ id: CommitID, _ reason: String, for commit: CommitID) {
    var loss = gitLosses[id] ?? (reason, [])
    if loss.commits.last != commit { loss.commits.append(commit) }
    gitLosses[id] = loss
  }

  /// What is damaged or missing among git's objects, with the commits that need it.
  private func reportGitLosses() {
    let next = "restore `.mdata/history.git` from a copy"
    for (id, loss) in gitLosses.sorted(by: { $0.key < $1.key }) where damagedGitFiles[id] == nil {
      let inner = "history.git/objects/\(id.hex.prefix(2))/\(id.hex.dropFirst(2))"
      damage(.history, inner, loss.reason, commits: loss.commits, next: next)
    }
    for (id, file) in damagedGitFiles.sorted(by: { $0.key < $1.key }) {
      let needing = gitLosses[id]?.commits ?? []
      var whole = salvagedGitObjects[id]
      if whole == nil, needing.isEmpty, case .success(let (type, bytes))? = git?.read(id) {
        whole = Self.loose(type, bytes)
      }
      damage(
        .history, file.path, file.reason + (whole == nil ? "" : "; what is in it can be had all the same"),
        commits: needing,
        next: whole != nil || needing.isEmpty
          ? Finding.repair : next + ", or `mdata fsck --repair` goes back to what is intact")
      historySteps.append(
        whole.map {
          .write(file.path, Zlib.deflate($0), reason: "\(file.reason); its content is proven by its id")
        }
          ?? .quarantine(file.path, reason: file.reason))
    }
  }

  private static func loose(_ type: GitObjects.ObjectType, _ bytes: [UInt8]) -> [UInt8] {
    let word =
      switch type {
      case .commit: "commit"
      case .tree: "tree"
      case .blob, .other: "blob"
      case .tag: "tag"
      }
    return Array("\(word) \(bytes.count)\0".utf8) + bytes
  }
}
