import History
import Objects
public import Records

/// Makes a version.
public struct CommitRequest: Sendable {
  /// What the version brings.
  public enum Change: Sendable {
    /// The staged batches.
    case staged
    /// These files, imported on the way.
    case files([ImportRequest])
    /// Whatever makes the dataset equal to this file.
    case sync(ImportRequest)
    /// The rows of this file, matched by record id or by a key column.
    case update(ImportRequest, key: String?)
  }

  /// What the version brings.
  public var change: Change
  /// What it is, in a sentence.
  public var message: String
  /// Whether to plan only.
  public var dryRun: Bool

  /// A request.
  public init(change: Change, message: String, dryRun: Bool = false) {
    self.change = change
    self.message = message
    self.dryRun = dryRun
  }

  /// - Throws: ``Failure``; then the repository is as it was.
  public func run(in session: Session) throws -> CommitResult {
    try Failure.wrapping {
      guard !message.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x09 || $0 == 0x0D }) else {
        throw Failure(.usage, "the message is empty", hint: "say what this version is: `-m \"First batch\"`")
      }
      let workspace = try Workspace(session)
      try workspace.refuseDuringMerge()
      // Before a long file is read. What the configuration wants is found when the version is made.
      if case .always = session.signing { _ = try workspace.signer(for: .commit) }
      return try workspace.writing { try run(in: workspace, writing: $0) }
    }
  }

  private func run(in workspace: Workspace, writing writer: PackWriter) throws -> CommitResult {
    workspace.repository.warmUp()
    writer.warmUp()
    var start: Start?
    func begin() throws -> Start {
      let made = try start ?? Start(workspace, settles: !dryRun)
      start = made
      return made
    }
    var change = try plan(in: workspace, writer, from: begin)
    let (branch, head) = try (begin().branch, begin().head)
    if dryRun || change.isEmpty {
      writer.discard()
      return try result(change, workspace, commit: nil, head)
    }
    let transaction = try workspace.begin(
      "commit", "commit: \(message.prefix { $0 != "\n" })", pack: writer)
    try workspace.refuseDuringMerge()
    let now = try workspace.headCommit()
    if case .staged = self.change {
      // What is staged can have changed too, and is at hand: the plan is made again, with the lock.
      change = try plan(in: workspace, transaction.pack) { Start(branch: branch, head: now) }
    } else {
      try Rebase(workspace: workspace, from: head, branch: branch).check(change, onto: now)
    }
    let commit = try perform(change, on: now, transaction, workspace)
    return try result(change, workspace, commit: commit, now)
  }

  /// What a change starts from.
  private struct Start {
    let branch: RefName?
    let head: Commit?

    /// - Parameter settles: whether an operation that was interrupted is completed first: it may move HEAD.
    init(_ workspace: Workspace, settles: Bool) throws {
      if settles { try workspace.repository.settleInterrupted(verb: "commit") }
      self.init(branch: try workspace.repository.head().branch, head: try workspace.headCommit())
    }

    init(branch: RefName?, head: Commit?) {
      self.branch = branch
      self.head = head
    }
  }

  /// - Parameter from: asked as late as may be: while a file is read, history is still being opened.
  private func plan(
    in workspace: Workspace, _ writer: PackWriter, from start: () throws -> Start
  ) throws -> SnapshotChange {
    switch change {
    case .staged:
      return try Append(workspace: workspace)
        .plan(staged: workspace.repository.stagedBatches(), onto: start().head)
    case .files(let files):
      let imports = try workspace.read(files, into: writer)
      return try Append(workspace: workspace).plan(imports, onto: start().head)
    case .sync(let file):
      try Self.refuseSkipping(file, "--sync")
      let head = try Self.existing(start().head, "--sync")
      let source = try workspace.open(file)
      return try Sync(workspace: workspace, facts: BatchFacts(file.provenance, workspace.session))
        .plan(source, from: head, writer: writer)
    case .update(let file, let key):
      try Self.refuseSkipping(file, "--update")
      let source = try workspace.open(file)
      return try Update(workspace: workspace, key: key, facts: BatchFacts(file.provenance, workspace.session))
        .plan(source, from: { try Self.existing(start().head, "--update") }, writer: writer)
    }
  }

  /// A row left out of the whole dataset would be a removal that nobody asked for.
  private static func refuseSkipping(_ file: ImportRequest, _ flag: String) throws {
    guard file.provenance.rejects != nil else { return }
    throw Failure(
      .usage, "`--skip-invalid` cannot go with `\(flag)`: a row left out would count as removed or unchanged",
      hint: "correct the malformed rows first")
  }

  private static func existing(_ head: Commit?, _ flag: String) throws -> Commit {
    guard let head else {
      throw Failure(
        .missing, "there is no version to compare with yet",
        hint: "begin with `mdata commit FILE -m MESSAGE`, without \(flag)")
    }
    return head
  }

  /// Nodes, git commit, operation, reference: the order is the transaction's.
  private func perform(
    _ change: SnapshotChange, on head: Commit?, _ transaction: Transaction, _ workspace: Workspace
  ) throws -> Commit {
    let empty = try transaction.build(sorted: [])
    let snapshot = try transaction.apply(change.edits, to: head?.dataset.snapshot ?? empty.id)
    // A batch that comes again, as when an edit is undone and redone, keeps its place.
    let known = try head.map { Set(try workspace.batchIDs(of: $0)) } ?? []
    let order = change.batches.filter { !known.contains($0.id) }.map {
      TreeEdit.put(BatchOrder.entry(time: transaction.time, batch: $0.id))
    }
    let batches = try transaction.apply(
      .changed(order.sorted { $0.key < $1.key }), to: head?.dataset.batches ?? empty.id)
    let dataset = Dataset(
      snapshot: snapshot.id, records: snapshot.count, batches: batches.id, batchCount: batches.count)
    // Also when a file was committed that had been staged before.
    try transaction.unstage(Set(change.batches.map(\.id)))
    for batch in change.batches {
      if let keys = batch.keys { transaction.index(keys, of: BatchPrefix(of: batch.id)) }
    }
    let id = try transaction.commit(
      dataset, parents: head.map { [$0.id] } ?? [], message: message, moving: .head)
    try transaction.finish()
    return try workspace.commit(id)
  }

  private func result(
    _ change: SnapshotChange, _ workspace: Workspace, commit: Commit?, _ head: Commit?
  ) throws -> CommitResult {
    let dataset = (commit ?? head)?.dataset
    return CommitResult(
      commit: try commit.map(workspace.summary), branch: try workspace.currentBranch(),
      snapshot: dataset?.snapshot.hex ?? "", records: dataset?.records ?? 0, counts: change.counts,
      unchanged: change.unchanged, batches: try change.batches.map(workspace.summary))
  }
}

/// What a commit did.
public struct CommitResult: Sendable {
  /// The new version; nil when nothing changed or it was only planned.
  public var commit: CommitSummary?
  /// The branch.
  public var branch: String
  /// Root of the snapshot it is at, in hex; empty when there is none.
  public var snapshot: String
  /// Records there.
  public var records: Int
  /// What changed.
  public var counts: ChangeCounts
  /// Rows that were offered and are there already.
  public var unchanged: Int
  /// The batches that came with it.
  public var batches: [ImportSummary]
}
