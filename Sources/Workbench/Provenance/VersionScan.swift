import History
import Objects
import Records

/// A walk over all records of a version in the order of a checkout, each read and verified on some thread.
struct VersionScan {
  private let version: QueriedVersion
  private let store: ObjectStore
  private let threads: Int

  /// Records a thread reads at a time.
  private static let slice = 256

  init(_ commit: Commit, in workspace: Workspace) throws {
    version = try QueriedVersion(commit, in: workspace)
    store = workspace.store
    threads = workspace.session.threads
  }

  /// Calls `work` with each record on some thread, which has a reader of its own made by `making`, and `take` with what it
  /// returned, in order.
  func run<Reader, Value: Sendable>(
    making: @escaping @Sendable (ObjectStore) throws -> Reader,
    work: @escaping @Sendable (Reader, TreeEntry) throws -> Value, take: (TreeEntry, Value) throws -> Void
  ) throws {
    try runSlices(making: making, work: { reader, slice in try slice.map { try work(reader, $0) } }) {
      slice, values in
      for (entry, value) in zip(slice, values) { try take(entry, value) }
    }
  }

  /// The same with some hundreds of records at a time.
  func runSlices<Reader, Value: Sendable>(
    making: @escaping @Sendable (ObjectStore) throws -> Reader,
    work: @escaping @Sendable (Reader, [TreeEntry]) throws -> Value, take: ([TreeEntry], Value) throws -> Void
  ) throws {
    let store = store
    let walk = RecordWalk(version)
    try Pipeline(threads: threads) { try making(store) }.run(
      next: { () -> [TreeEntry]? in
        var slice: [TreeEntry] = []
        slice.reserveCapacity(Self.slice)
        while slice.count < Self.slice, try walk.advance() { slice.append(walk.entry) }
        return slice.isEmpty ? nil : slice
      },
      work: { reader, slice in (slice, try work(reader, slice)) }, take: { try take($0, $1) })
  }
}
