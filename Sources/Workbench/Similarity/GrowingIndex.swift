import Curation
import History
import Objects
import Records

/// An index of a version's records while it learns them, and its files.
///
/// It follows a line of versions. One that descends from the last moves it on; any other is seen through what the two have
/// in common and what it has besides, and leaves the files as they are.
struct GrowingIndex<Index: SegmentedIndex> {
  /// What it has.
  private(set) var index: Index
  /// For each item whether the version is without it.
  private(set) var dead: [Bool] = []

  /// Makes a segment that adds records to an index.
  typealias Learn = (Index, ArraySlice<TreeEntry>, [ObjectID]) throws -> [UInt8]

  private let learnSegment: Learn
  private let workspace: Workspace
  private let folder: SimilarityFolder
  /// The files of the segments in use, and the bytes of those that are new.
  private var names: [String] = []
  private var fresh: [String: [UInt8]] = [:]
  /// The state that the files are in.
  private var loaded: SimilarityState?

  /// Records whose texts are held at a time.
  private let stride = 1 << 20

  /// - Parameters:
  ///   - empty: an index without segments. Those of other parameters lie elsewhere.
  ///   - kind: a short word for it.
  init(_ empty: Index, kind: String, in workspace: Workspace, learn: @escaping Learn) {
    index = empty
    learnSegment = learn
    self.workspace = workspace
    folder = SimilarityFolder(
      kind: kind, parameters: "\(empty.parameters)", of: workspace.repository)
  }

  /// Afterwards the items that are not ``dead`` are the version's records.
  mutating func catchUp(to version: QueriedVersion) throws {
    loaded = nil
    guard let (state, found) = load() else { return try build(version) }
    if state.snapshot == version.commit.dataset.snapshot {
      take(found, state)
      return
    }
    guard let difference = try difference(from: state, to: version) else { return try build(version) }
    let isFollowing = try follows(version.commit.id, state.commit)
    let forgotten = state.dead.count { $0 } + difference.removed.count
    // To read a version anew is dear: only when most of it is new, or the index mostly what versions no longer have.
    guard 2 * difference.added.count <= version.commit.dataset.records,
      !isFollowing || 2 * forgotten <= state.dead.count
    else { return try build(version) }
    take(found, state)
    forget(difference.removed)
    try learn(difference.added)
    if isFollowing { try keep(version) }
  }

  private mutating func build(_ version: QueriedVersion) throws {
    try learn(try VersionDifference(from: nil, to: version, in: workspace).added)
    try keep(version)
  }

  /// Nil when the index's own version is no longer there.
  private func difference(from state: SimilarityState, to version: QueriedVersion) throws
    -> VersionDifference?
  {
    do {
      return try VersionDifference(from: state.snapshot, to: version, in: workspace)
    } catch ObjectsError.missing(_, .node) {
      return nil
    }
  }

  private func follows(_ commit: CommitID, _ earlier: CommitID) throws -> Bool {
    do {
      return try workspace.repository.git().isAncestor(earlier, of: commit)
    } catch GitError.notFound {
      return true
    }
  }

  // MARK: Items

  private mutating func forget(_ records: Set<RecordID>) {
    if records.isEmpty { return }
    for item in dead.indices where !dead[item] && records.contains(IndexedItem.record(index.id(of: item))) {
      dead[item] = true
    }
  }

  private mutating func learn(_ entries: [TreeEntry]) throws {
    for start in Swift.stride(from: 0, to: entries.count, by: stride) {
      let slice = entries[start..<min(start + stride, entries.count)]
      let bytes = try learnSegment(index, slice, slice.map(IndexedItem.id))
      try replace(index.segments.count..<index.segments.count, with: bytes)
      dead += slice.map { _ in false }
    }
  }

  private mutating func replace(_ range: Range<Int>, with segment: [UInt8]) throws {
    index = try index.replacing(range, with: Index.Segment(segment))
    let name = SimilarityFolder.segmentName(of: segment)
    for old in names[range] { fresh[old] = nil }
    names.replaceSubrange(range, with: [name])
    fresh[name] = segment
  }

  // MARK: Files

  private mutating func load() -> (SimilarityState, Index)? {
    let (state, files) = folder.load()
    loaded = state
    guard let state, let files, let segments = try? files.map({ try Index.Segment($0.bytes, owner: $0) }),
      let index = try? Index(segments, parameters: index.parameters),
      index.count == state.dead.count, (try? index.verify()) != nil
    else { return nil }
    return (state, index)
  }

  private mutating func take(_ index: Index, _ state: SimilarityState) {
    self.index = index
    dead = state.dead
    names = state.segments
  }

  private mutating func keep(_ version: QueriedVersion) throws {
    while let range = index.mergeable { try replace(range, with: index.merged(range)) }
    var state = SimilarityState(version.commit)
    state.segments = names
    state.dead = dead
    folder.replace(loaded, with: state, segments: fresh)
  }
}
