import History
import Objects
import Records

/// A version that has some of another one's records: what it leaves out, and why.
struct Subset {
  let source: Commit
  /// In ascending order.
  let removed: [RecordID]
  /// What the commit says, but for the reason.
  let message: String
  let reason: SubsetReason

  /// What is written of a subset before its commit.
  struct Written {
    let snapshot: TreeRoot
    let report: ObjectID
  }

  /// Writes the objects. Several subsets write theirs first and are committed then, so that all lie in one pack.
  func write(in transaction: Transaction) throws -> Written {
    Written(
      snapshot: try transaction.apply(.removed(removed), to: source.dataset.snapshot),
      report: try reason.report(into: transaction.pack))
  }

  /// Makes the commit, which follows the version it was made of.
  ///
  /// - Parameter name: the branch that shall point at it; ``RefName/head`` for the current one.
  func commit(_ written: Written, in transaction: Transaction, moving name: RefName) throws -> CommitID {
    let dataset = Dataset(
      snapshot: written.snapshot.id, records: written.snapshot.count, batches: source.dataset.batches,
      batchCount: source.dataset.batchCount, report: written.report)
    return try transaction.commit(
      dataset, parents: [source.id], message: reason.message(message), moving: name)
  }
}

extension Workspace {
  /// A new branch's name.
  ///
  /// - Throws: ``Failure`` or ``GitError`` when it is no name, is taken, or clashes with another.
  func newBranch(_ short: String) throws -> RefName {
    let name = try RefKind.branch.name(short)
    for known in try repository.git().references().keys {
      guard let other = known.branchName else { continue }
      if other.utf8.elementsEqual(short.utf8) {
        throw Failure(
          .usage, "there is a branch `\(short)` already",
          hint: "choose another name, or delete it first: `mdata branch --delete \(short)`")
      }
      if other.utf8.starts(with: (short + "/").utf8) || short.utf8.starts(with: (other + "/").utf8) {
        throw Failure(
          .usage,
          "`\(short)` cannot be a branch: `\(other)` is one, and a name cannot also be the first part of another",
          hint: "give another name")
      }
    }
    return name
  }

  /// What only changes with the lock held, looked at again: a version that a plan was made of is still kept.
  func requireKept(_ commit: Commit) throws { _ = try resolve(commit.id.hex) }
}
