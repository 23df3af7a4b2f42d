import History
import Objects
import Records

/// A walk over all records of a version in the order of a checkout, each read and verified on some thread.
struct VersionScan {
  private let version: QueriedVersion
  private let records: RecordScan

  init(_ commit: Commit, in workspace: Workspace) throws {
    version = try QueriedVersion(commit, in: workspace)
    records = RecordScan(workspace)
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
    let walk = RecordWalk(version)
    try records.runSlices(
      next: { try walk.advance() ? walk.entry : nil }, making: making, work: work, take: take)
  }
}

/// A walk over records that are named one after the other.
struct RecordScan {
  private let store: ObjectStore
  private let threads: Int

  /// Records a thread reads at a time.
  private static let slice = 256

  init(_ workspace: Workspace) {
    store = workspace.store
    threads = workspace.session.threads
  }

  /// As ``VersionScan/runSlices(making:work:take:)``, for the records that `next` returns until it returns nil.
  func runSlices<Reader, Value: Sendable>(
    next: () throws -> TreeEntry?, making: @escaping @Sendable (ObjectStore) throws -> Reader,
    work: @escaping @Sendable (Reader, [TreeEntry]) throws -> Value, take: ([TreeEntry], Value) throws -> Void
  ) throws {
    let store = store
    try Pipeline(threads: threads) { try making(store) }.run(
      next: { () -> [TreeEntry]? in
        var slice: [TreeEntry] = []
        slice.reserveCapacity(Self.slice)
        while slice.count < Self.slice, let entry = try next() { slice.append(entry) }
        return slice.isEmpty ? nil : slice
      },
      work: { reader, slice in (slice, try work(reader, slice)) }, take: { try take($0, $1) })
  }
}
