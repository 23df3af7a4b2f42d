import History
import Objects
import Records

/// Merges packs and drops what nothing needs any more.
public struct GarbageCollectRequest: Sendable {
  /// Whether to plan only.
  public var dryRun: Bool
  /// Whether to compress everything anew, as hard as possible.
  public var aggressive: Bool
  /// For how many seconds operations can be undone, and objects that nothing refers to stay.
  public var grace: Int64

  /// Two weeks, as git has it.
  public static let standardGrace: Int64 = 14 * 86_400

  /// A request.
  public init(dryRun: Bool = false, aggressive: Bool = false, grace: Int64 = Self.standardGrace) {
    self.dryRun = dryRun
    self.aggressive = aggressive
    self.grace = grace
  }

  /// - Throws: ``Failure``; then nothing is lost.
  public func run(in session: Session) throws -> GarbageCollectResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let collection = try GarbageCollection(
        workspace.repository,
        GarbageCollection.Options(
          aggressive: aggressive, cutoff: grace == 0 ? nil : session.now - grace,
          pinned: workspace.pinnedCommit(), threads: session.threads))
      var result = GarbageCollectResult(collection, isDryRun: dryRun)
      if dryRun { return result }
      let outcome = try collection.perform()
      let packs = workspace.store.packInfos
      result.bytesAfter = packs.reduce(0) { $0 + $1.bytes }
      result.packsAfter = packs.count
      result.isMost = false
      result.wasBusy = outcome.wasBusy
      result.leftovers = outcome.leftovers
      return result
    }
  }
}

extension Workspace {
  /// The commit that `mdata.lock` names; nil without the file.
  ///
  /// - Throws: ``Failure`` when the file is there and says no commit: what it pins could not be kept.
  func pinnedCommit() throws -> CommitID? {
    guard try session.fileSystem.status(lockFile) != nil else { return nil }
    do {
      let lock = try Failure.naming(PinnedVersion.fileName) {
        try PinnedVersion(parsing: SmallFile.bytes(lockFile, limit: 1 << 20))
      }
      guard let id = CommitID(hex: lock.commit) else {
        throw Failure(.data, "\(PinnedVersion.fileName): `\(lock.commit)` is not a commit id")
      }
      return id
    } catch let failure as Failure where failure.kind == .data {
      throw failure.hinting("restore the file, or remove it: what it pins cannot be kept as it is")
    }
  }
}

/// What a collection did, or would do.
public struct GarbageCollectResult: Sendable {
  /// A pack there was.
  public struct Pack: Sendable {
    /// Its name without extension.
    public var name: String
    /// Its length in bytes.
    public var bytes: Int
    /// Objects in it.
    public var objects: Int
    /// Objects in it that are dropped.
    public var dropped: Int
    /// `stays`, `merged` or `removed`.
    public var fate: String
  }

  /// Whether nothing was done.
  public var isDryRun: Bool
  /// The packs there were.
  public var packs: [Pack]
  /// How many there are, or would be.
  public var packsAfter: Int
  /// Length of all packs.
  public var bytesBefore: Int
  /// The same afterwards.
  public var bytesAfter: Int
  /// Whether that is the most it can be.
  public var isMost: Bool
  /// Objects that are dropped.
  public var dropped: Int
  /// Files of the staging folder that nothing needs any more.
  public var stagingFiles: [String]
  /// Their length in bytes.
  public var stagingBytes: Int
  /// Operations up to this number cannot be undone, unless something else keeps what they would bring back; 0 for none.
  public var horizon: Int
  /// Whether packs stayed because others were writing.
  public var wasBusy = false
  /// Files that dead processes had left, now removed.
  public var leftovers: [String] = []

  init(_ collection: GarbageCollection, isDryRun: Bool) {
    let plan = collection.packs
    self.isDryRun = isDryRun
    packs = plan.packs.map {
      Pack(
        name: $0.digest.hex, bytes: $0.bytes, objects: $0.objects, dropped: $0.dropped, fate: $0.fate.rawValue
      )
    }
    packsAfter = plan.packsAfter
    bytesBefore = plan.bytesBefore
    bytesAfter = plan.bytesAfter
    isMost = plan.isAggressive
    dropped = plan.dropped
    stagingFiles = collection.staging.map(\.name)
    stagingBytes = collection.staging.reduce(0) { $0 + $1.bytes }
    horizon = collection.horizon
  }
}
