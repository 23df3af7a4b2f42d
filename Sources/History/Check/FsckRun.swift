public import Objects
import Records

/// One check of a repository, from its folder alone: nothing in it needs to be usable.
///
/// Takes no lock and writes nothing. References are read before objects, as every reader does, so what a writer adds
/// meanwhile is not missed. One thread drives it; objects are hashed on all.
final class FsckRun {
  /// The folder called `.mdata`.
  let path: String
  let fileSystem: WatchedFiles
  let threads: Int
  let progress: @Sendable (FsckStage, Int, Int) -> Void

  var findings: [Finding] = []
  var counts = FsckReport.Counts()
  var ledger = Ledger()
  var references = ReferenceFiles()
  var git: GitObjects?
  /// Damaged files of git objects, by the object: path in the repository and reason.
  var damagedGitFiles: [CommitID: (path: String, reason: String)] = [:]
  /// What could still be had of those, proven by its hash: header and content.
  var salvagedGitObjects: [CommitID: [UInt8]] = [:]
  /// Why git objects that commits need cannot be read, and which commits those are.
  var gitLosses: [CommitID: (reason: String, commits: [CommitID])] = [:]
  var commits: [CommitID: CommitFacts] = [:]
  var inventory: ObjectInventory?
  var losses: Losses
  /// The newest operation that is no longer kept whole.
  var horizon = 0
  var horizonFlaw: String?
  /// The operations that hang together from the first on.
  var chain: [LoggedOperation] = []

  /// The steps of a repair, in groups that are put in order at the end.
  var folderSteps: [RepairPlan.Step] = []
  var objectSteps: [RepairPlan.Step] = []
  var historySteps: [RepairPlan.Step] = []
  var logSteps: [RepairPlan.Step] = []
  var stagingSteps: [RepairPlan.Step] = []
  var rebuildsIndex = false
  var logReason: String?
  var refusal: String?

  init(
    path: String, fileSystem: any FileSystem, threads: Int,
    progress: @escaping @Sendable (FsckStage, Int, Int) -> Void
  ) {
    self.path = path
    self.fileSystem = WatchedFiles(fileSystem)
    self.threads = threads
    self.progress = progress
    losses = Losses()
  }

  func run() -> FsckReport {
    guard checkFormat() else { return report() }
    checkFolders()
    readLogAndReferences()
    checkGitFiles()
    takeInventory()
    checkCommits()
    judgeReferences()
    repairHorizon()
    checkOperationObjects()
    reportLosses()
    checkStaging()
    checkPin()
    checkIndex()
    return report()
  }

  private func report() -> FsckReport {
    if let refusal = fileSystem.refusal {
      damage(
        .unreadable, "", "not everything could be read: \(refusal)",
        next: "look at its permissions and at the disk, and check again")
    }
    var plan = RepairPlan(inventory: inventory)
    plan.refusal = refusal
    plan.trouble = fileSystem.refusal
    if refusal == nil {
      plan.steps = folderSteps + objectSteps + historySteps + logSteps
      if let logReason { plan.steps.append(.logReferences(reason: logReason)) }
      plan.steps += stagingSteps
      // The index knows how far the log was read.
      if rebuildsIndex || !logSteps.isEmpty || logReason != nil { plan.steps.append(.rebuildIndex) }
    }
    let ordered = findings.enumerated().sorted { left, right in
      let (a, b) = (left.element, right.element)
      if a.severity != b.severity { return a.severity == .damage }
      if !a.path.utf8.elementsEqual(b.path.utf8) {
        return a.path.utf8.lexicographicallyPrecedes(b.path.utf8)
      }
      return (a.offset ?? 0, left.offset) < (b.offset ?? 0, right.offset)
    }
    return FsckReport(findings: ordered.map(\.element), counts: counts, plan: plan)
  }

  /// A path in the repository as a finding shows it.
  func shown(_ inner: String) -> String {
    inner.isEmpty ? Repository.folderName : Repository.folderName + "/" + inner
  }

  func at(_ inner: String) -> String { path + "/" + inner }

  func damage(
    _ kind: Finding.Kind, _ inner: String, _ message: String, commits: [CommitID] = [],
    next: String = Finding.repair
  ) {
    findings.append(Finding(kind, path: shown(inner), message, commits: commits, next: next))
  }

  func notice(_ kind: Finding.Kind, _ inner: String, _ message: String, next: String) {
    findings.append(Finding(kind, .notice, path: shown(inner), message, next: next))
  }

  /// The names in a folder of the repository, in order; none when it cannot be listed, which is a finding unless it is
  /// absent.
  func names(in inner: String) -> [String] {
    do {
      guard try fileSystem.status(at(inner))?.kind == .directory else { return [] }
      return try fileSystem.list(at(inner)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    } catch {
      damage(.unreadable, inner, "\(error)", next: "look at its permissions and at the disk")
      return []
    }
  }

  /// What is at a path.
  enum Place: Equatable {
    case nothing
    case something(FileStatus.Kind)
    /// The system would not say, which is a finding: nothing may be called missing because of it.
    case unknown
  }

  func place(_ inner: String) -> Place {
    do throws(ObjectsError) {
      return try fileSystem.status(at(inner)).map { .something($0.kind) } ?? .nothing
    } catch {
      damage(.unreadable, inner, "\(error)", next: "look at its permissions and at the disk")
      return .unknown
    }
  }

  /// A small file of the repository; nil when there is none or the system does not give it, which is a finding.
  func contents(_ inner: String, limit: Int = 16 << 20, _ kind: Finding.Kind) -> [UInt8]? {
    do {
      guard let status = try fileSystem.status(at(inner)) else { return nil }
      guard status.kind == .regular else {
        damage(kind, inner, "it is not a file")
        return nil
      }
      return try fileSystem.contents(of: at(inner), limit: limit)
    } catch ObjectsError.fileTooLong(_, let bytes, _) {
      damage(kind, inner, "it has \(bytes) bytes, far more than such a file can have")
    } catch {
      damage(.unreadable, inner, "\(error)", next: "look at its permissions and at the disk")
    }
    return nil
  }
}

/// What a check is doing, for those who wait.
public enum FsckStage: Sendable {
  /// Reading and hashing objects; counts bytes.
  case objects
  /// Following commits and their trees; counts commits.
  case versions
  /// Building a second index to compare with; counts nothing.
  case index
}

/// The check of a repository.
public enum Fsck {
  /// Checks the repository in a folder called `.mdata`, usable or not. Reads every byte that matters and writes
  /// nothing.
  public static func check(
    _ path: String, fileSystem: any FileSystem, threads: Int,
    progress: @escaping @Sendable (FsckStage, Int, Int) -> Void = { _, _, _ in }
  ) -> FsckReport {
    FsckRun(path: path, fileSystem: fileSystem, threads: threads, progress: progress).run()
  }
}
