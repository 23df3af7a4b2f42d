import Glibc
import History
import Objects
import Records

/// A version asked for by name or by `mdata.lock`, and in the second case what it must match.
struct Pinned {
  let commit: Commit
  let lock: PinnedVersion?

  /// - Throws: ``Failure`` when the lock file is missing, malformed, or names something other than this repository holds.
  init(_ version: CheckoutRequest.Version, in workspace: Workspace) throws {
    switch version {
    case .revision(let revision):
      commit = try workspace.resolve(revision)
      lock = nil
    case .locked:
      let path = workspace.lockFile
      let lock: PinnedVersion
      do {
        lock = try Failure.naming(PinnedVersion.fileName) {
          // A cloned code repository brings it along: never through a link.
          try PinnedVersion(parsing: workspace.session.fileSystem.contents(of: path, limit: 1 << 20))
        }
      } catch ObjectsError.system(_, _, let code) where code == ENOENT {
        throw Failure(.missing, "there is no `\(PinnedVersion.fileName)` here", hint: "`mdata pin` writes it")
      } catch let failure as Failure where failure.kind == .data {
        throw failure.hinting("restore the file, or pin again with `mdata pin`")
      }
      guard let id = CommitID(hex: lock.commit) else {
        throw Failure(.data, "\(PinnedVersion.fileName): `\(lock.commit)` is not a commit id")
      }
      do {
        commit = try workspace.commit(id)
      } catch GitError.notFound {
        throw Failure(
          .missing, "this repository does not have the pinned commit `\(lock.commit)`",
          hint: "the lock file belongs to another repository, or is newer than this one")
      }
      let dataset = commit.dataset
      guard dataset.snapshot == lock.snapshot, dataset.records == lock.records else {
        throw Failure(
          .data,
          "\(PinnedVersion.fileName) does not match commit `\(lock.commit)`: it names snapshot \(lock.snapshot) of \(lock.records) records, the commit has \(dataset.snapshot) of \(dataset.records)",
          hint: "the lock file was altered: restore it, or pin again with `mdata pin`")
      }
      self.lock = lock
    }
  }

  /// Compares what was written with what was pinned.
  func verify(_ summary: Export.Summary) throws {
    guard let lock, lock.export.sha256 != summary.sha256 || lock.records != summary.records else { return }
    throw Failure(
      .data,
      "the exported file has digest \(summary.sha256) with \(summary.records) rows, and \(PinnedVersion.fileName) pins \(lock.export.sha256) with \(lock.records)",
      hint: "the lock file was altered, or another version of mdata writes this format differently")
  }
}
