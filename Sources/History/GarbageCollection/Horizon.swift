import Objects
import Records

/// How far back operations are whole: `gc` keeps what later ones name, and no longer what the ones up to the horizon
/// do. They stay in the log.
///
/// The file `.mdata/horizon.json` says it, canonical JSON. It is written before anything is removed.
struct Horizon {
  private let repository: Repository

  static let schema = "mdata.horizon/v1"
  static let fileName = "horizon.json"
  private static let longestFile = 4096

  init(_ repository: Repository) { self.repository = repository }

  private var path: String { repository.path + "/horizon.json" }

  /// The number of the newest operation that is not kept whole; 0 when all are.
  func read() throws -> Int {
    guard try repository.fileSystem.status(path) != nil else { return 0 }
    let bytes = try repository.fileSystem.contents(of: path, limit: Self.longestFile)
    guard let value = try? JSON.parse(bytes), value["schema"]?.string == Self.schema,
      let horizon = value["horizon"]?.int, horizon >= 0, Self.bytes(horizon) == bytes
    else { throw HistoryError.damaged(path: path, "it does not say how far back operations are kept") }
    return horizon
  }

  func write(_ horizon: Int) throws {
    try repository.fileSystem.replaceAtomically(path, with: Self.bytes(horizon))
  }

  static func bytes(_ horizon: Int) -> [UInt8] {
    CanonicalJSON.encode(
      .object([JSONMember("horizon", .integer(horizon)), JSONMember("schema", .string(schema))]))
  }

  /// Refuses a reversal that reaches behind the horizon for something that is not kept for another reason.
  ///
  /// - Throws: ``HistoryError/expired(_:_:)``.
  func check(_ plan: Reversal) throws {
    let horizon = try read()
    guard plan.reachesBackTo <= horizon else { return }
    let number = plan.operation.sequence
    let git = try repository.git()
    let roots = try CollectionRoots(repository, horizon: horizon, pinned: nil)
    for movement in plan.movements {
      guard case .object(let id) = movement.new else { continue }
      // An annotated tag is as good as the version it names.
      guard let commit = try git.peeledIfPresent(id), try roots.keep(commit, git) else {
        throw HistoryError.expired(number, "the version it would bring back")
      }
    }
    for run in plan.returned where !repository.store.contains(run, .run) {
      throw HistoryError.expired(number, "the run it would bring back")
    }
  }
}

extension Repository {
  /// Whether a commit that no reference need lead to is kept. One that `gc` no longer keeps may have lost any object,
  /// while its git commit is still there.
  public func isKept(_ commit: CommitID, pinned: CommitID?) throws -> Bool {
    let horizon = try Horizon(self).read()
    return try horizon == 0 || CollectionRoots(self, horizon: horizon, pinned: pinned).keep(commit, git())
  }
}
