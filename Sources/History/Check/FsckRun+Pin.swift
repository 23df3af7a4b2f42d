import Objects
import Records

extension FsckRun {
  private var pinPath: String {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    return folder + "/" + PinnedVersion.fileName
  }

  private func pin() -> Result<PinnedVersion, GitFlaw>? {
    guard (try? fileSystem.status(pinPath)) ?? nil != nil else { return nil }
    do {
      let bytes = try fileSystem.contents(of: pinPath, limit: 1 << 20)
      let pinned = try PinnedVersion(parsing: bytes)
      guard pinned.encode() == bytes else {
        return .failure(GitFlaw("it is not spelled as `mdata pin` writes it"))
      }
      return .success(pinned)
    } catch {
      return .failure(GitFlaw("\(error)"))
    }
  }

  /// The commit that `mdata.lock` names, when it does.
  func pinnedCommit() -> CommitID? {
    guard case .success(let pinned)? = pin() else { return nil }
    return CommitID(hex: pinned.commit).flatMap(peeled)
  }

  /// Holds `mdata.lock`, which lies beside the repository, to the commit it names. A repair leaves it alone.
  func checkPin() {
    func found(_ message: String, _ commits: [CommitID] = [], _ severity: Finding.Severity = .damage) {
      findings.append(
        Finding(
          .lock, severity, path: PinnedVersion.fileName, message, commits: commits,
          next: "restore the file from your code repository, or `mdata pin` again"))
    }
    switch pin() {
    case nil: return
    case .failure(let flaw): found(flaw.reason)
    case .success(let pinned):
      guard let id = CommitID(hex: pinned.commit), let facts = commits[id] else {
        return found("it pins the commit \(pinned.commit), which is not in this repository")
      }
      guard let dataset = facts.dataset else { return found("the commit it pins is lost", [id]) }
      if dataset.snapshot != pinned.snapshot || dataset.records != pinned.records {
        found("it does not say of the commit \(pinned.commit) what the commit says of itself", [id])
      }
      guard let ref = pinned.ref else { return }
      let name = String(ref.prefix { $0 != "~" && $0 != "^" })
      let isKnown = ["refs/heads/" + name, "refs/tags/" + name].contains { references.entries[$0] != nil }
      let isCommit = !name.isEmpty && commits.keys.contains { $0.hex.hasPrefix(name) }
      if !isKnown && !isCommit && name != "HEAD" {
        found("the name `\(ref)` in it is none of this repository", [id], .notice)
      }
    }
  }
}
