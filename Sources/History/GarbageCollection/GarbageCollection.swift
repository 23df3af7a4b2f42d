import Glibc
public import Objects
import Records

/// Garbage collection: packs are merged, and objects that nothing needs any more are dropped.
///
/// Planned and packed without the repository's lock, so that nobody waits; the lock is held while what was reached in
/// the meantime is marked too and the old packs go. One collection at a time.
public final class GarbageCollection {
  /// What is wanted.
  public struct Options: Sendable {
    /// Compress everything anew, as hard as possible.
    public var aggressive: Bool
    /// Operations and unreferenced objects of up to this moment are not kept for their own sake; nil when even the
    /// newest are not.
    public var cutoff: Int64?
    /// The commit that `mdata.lock` names.
    public var pinned: CommitID?
    /// How many threads may compress.
    public var threads: Int

    /// Options.
    public init(aggressive: Bool, cutoff: Int64?, pinned: CommitID?, threads: Int) {
      self.aggressive = aggressive
      self.cutoff = cutoff
      self.pinned = pinned
      self.threads = threads
    }
  }

  /// What will become of the packs.
  public let packs: RepackPlan
  /// Operations up to this number cannot be undone afterwards, unless something else keeps what they would bring back.
  public let horizon: Int
  /// Files of the staging folder that nothing names any more, and their bytes.
  public let staging: [(name: String, bytes: Int)]

  private let repository: Repository
  private let options: Options
  private let marks: ObjectMarks
  private var walk: ReachabilityWalk
  private let turn: OpenFile

  /// Plans a collection; changes nothing.
  ///
  /// - Throws: ``Objects/ObjectsError/locked(path:holder:)`` while another collection is at work; what is missing or
  ///   damaged among what must be kept.
  public init(_ repository: Repository, _ options: Options) throws {
    self.repository = repository
    self.options = options
    turn = try Self.takeTurn(repository)
    do {
      horizon = max(
        try Horizon(repository).read(),
        try options.cutoff.map {
          try CollectionRoots.horizon(repository, before: Timestamp(secondsSince1970: Int($0)))
        } ?? repository.operations.latest()?.sequence ?? 0)
      // First what packs there are, then what is needed of them: what comes in between is looked at again later.
      marks = try ObjectMarks(repository.store)
      walk = ReachabilityWalk(repository, marks)
      let roots = try CollectionRoots(repository, horizon: horizon, pinned: options.pinned)
      try walk.visit(roots)
      packs = try RepackPlan(
        marks, aggressive: options.aggressive, cutoff: options.cutoff.map { Int($0) * 1_000_000_000 } ?? .max)
      staging = try repository.staging.leftovers(besides: roots.staging)
    } catch {
      repository.fileSystem.closeUnlocked(turn)
      throw error
    }
  }

  deinit { repository.fileSystem.closeUnlocked(turn) }

  /// One collection at a time: the exclusive lock of the repository's folder.
  static func takeTurn(_ repository: Repository) throws -> OpenFile {
    let folder = try repository.fileSystem.open(repository.path, .read)
    do throws(ObjectsError) {
      guard try repository.fileSystem.lock(folder) else {
        throw .locked(path: repository.path, holder: "another `mdata gc`")
      }
      return folder
    } catch {
      repository.fileSystem.close(folder)
      throw error
    }
  }

  /// What a collection did.
  public struct Outcome: Sendable {
    /// The new packs.
    public let made: [PackInfo]
    /// Names of the packs that are gone.
    public let removed: [String]
    /// Whether packs stayed because others were writing; another collection removes them.
    public let wasBusy: Bool
    /// Names of files that dead processes had left half written.
    public let leftovers: [String]
  }

  /// Carries the plan out.
  ///
  /// The new packs are durable and visible before anything goes. Stopped anywhere, the repository is whole, and
  /// another collection finishes.
  ///
  /// - Parameter patience: milliseconds to wait for writers that have begun.
  public func perform(waiting patience: Int = 2_000) throws -> Outcome {
    let repack = Repack(packs, marks, threads: options.threads)
    let made = packs.isEmpty ? [] : try repack.write()
    let lock = try RepositoryLock(
      path: repository.path + "/lock", holder: "process \(getpid()), which runs `mdata gc`",
      fileSystem: repository.fileSystem)
    do {
      if lock.followsUnfinished { try repository.recover() }
      _ = try repository.operations.settle(repository.git(), repository.staging)
      return try finish(repack, made, waiting: patience)
    } catch {
      lock.markUnfinished()
      throw error
    }
  }

  /// The half that needs the lock.
  private func finish(_ repack: Repack, _ made: [PackInfo], waiting patience: Int) throws -> Outcome {
    // What became reached since the plan was made.
    try marks.follow()
    let roots = try CollectionRoots(repository, horizon: horizon, pinned: options.pinned)
    try walk.visit(roots)
    if horizon > (try Horizon(repository).read()) { try Horizon(repository).write(horizon) }
    for file in try repository.staging.leftovers(besides: roots.staging) {
      try repository.staging.removeLeftover(file.name)
    }
    let (removed, isBusy) = packs.isEmpty ? ([], false) : try repack.removeOld(waiting: patience)
    var leftovers: [String] = []
    let folders = ["", "/objects", "/operations", "/staging"].map { repository.path + $0 }
    for folder in try folders + repository.operations.files.groupFolders() {
      leftovers += try repository.fileSystem.removeLeftovers(in: folder)
    }
    return Outcome(made: made, removed: removed, wasBusy: isBusy, leftovers: leftovers)
  }
}
