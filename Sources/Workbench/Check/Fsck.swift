import History
import Objects
import Records

/// Checks a repository, which need not be one that can be opened, and repairs it when asked.
public struct FsckRequest: Sendable {
  /// Whether to repair what can be.
  public var repair: Bool
  /// With `repair`: only say what would be done.
  public var dryRun: Bool

  /// A request.
  public init(repair: Bool = false, dryRun: Bool = false) {
    self.repair = repair
    self.dryRun = dryRun
  }

  /// What a check is busy with: a word, how much is done, how much there is (0 when that is not known).
  public typealias Progress = @Sendable (_ what: String, _ done: Int, _ total: Int) -> Void

  /// - Throws: ``Failure`` when there is no repository at all, or somebody else is writing. Damage is a result.
  public func run(in session: Session, progress: @escaping Progress = { _, _, _ in }) throws -> FsckResult {
    try Failure.wrapping {
      if dryRun, !repair {
        throw Failure(
          .usage, "`--dry-run` belongs to `--repair`",
          hint:
            "`mdata fsck` alone changes nothing; `mdata fsck --repair --dry-run` shows what a repair would do"
        )
      }
      let path = try Workspace.find(session)
      let files = session.fileSystem
      guard repair, !dryRun else {
        let report = check(path, files, session, progress)
        var result = FsckResult(repository: path, report, pin: pinFlaw(report, session))
        if repair { result.planned = try plan(report).descriptions }
        return result
      }
      let lock = try RepositoryLock(
        path: path + "/lock", holder: "a process that runs `mdata fsck --repair`", fileSystem: files)
      // A repair does not make durable what an interrupted verb renamed: the next verb that writes shall.
      if lock.followsUnfinished { lock.markUnfinished() }
      defer { withExtendedLifetime(lock) {} }
      let before = check(path, files, session, progress)
      var performance = Repair(
        try plan(before), path: path, fileSystem: files, time: Timestamp(secondsSince1970: Int(session.now)))
      let repaired = try performance.perform()
      let after = repaired.done.isEmpty ? before : check(path, files, session, progress)
      var result = FsckResult(repository: path, after, pin: pinFlaw(after, session))
      result.done = repaired.done
      result.quarantine = repaired.quarantine
      return result
    }
  }

  private func check(
    _ path: String, _ files: any FileSystem, _ session: Session, _ progress: @escaping Progress
  ) -> FsckReport {
    Fsck.check(path, fileSystem: files, threads: session.threads) { stage, done, total in
      switch stage {
      case .objects: progress("objects", done, total)
      case .versions: progress("versions", done, total)
      case .index: progress("index", done, total)
      }
    }
  }

  private func plan(_ report: FsckReport) throws -> RepairPlan {
    if let trouble = report.plan.trouble {
      throw Failure(
        .io, "nothing is repaired, since not everything could be read: \(trouble)",
        hint: "look at the permissions and at the disk; copy the repository elsewhere if the disk fails")
    }
    if let refusal = report.plan.refusal {
      throw Failure(.configuration, "nothing is repaired: \(refusal)", hint: "`mdata fsck` says more")
    }
    return report.plan
  }

  /// Writes the pinned version to nowhere and holds it to the digest in `mdata.lock`: the one thing in the file that
  /// the commit does not say. Only where nothing else is damaged, or it would fail for that reason.
  private func pinFlaw(_ report: FsckReport, _ session: Session) -> String? {
    guard report.damage.isEmpty, let workspace = try? Workspace(session),
      (try? session.fileSystem.status(workspace.lockFile)) ?? nil != nil
    else { return nil }
    do {
      let pinned = try Pinned(.locked, in: workspace)
      guard let lock = pinned.lock else { return nil }
      let summary = try Export(
        pinned.commit, format: BatchFacts.format(named: lock.export.format), in: workspace
      )
      .write { _ in }
      try pinned.verify(summary)
      return summary.bytes == lock.export.bytes
        ? nil : "it says that the file has \(lock.export.bytes) bytes, and it has \(summary.bytes)"
    } catch {
      return "\(Failure(error))"
    }
  }
}
