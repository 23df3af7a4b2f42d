import Curation
import History
import Objects
import Records

/// An index of texts for ROUGE-L while it learns a version, and its files.
struct GrowingIndex {
  /// What it has.
  private(set) var index: RougeLIndex
  /// For each item whether the version is without it.
  private(set) var dead: [Bool] = []

  private let fields: [PairField]
  private let tokenizer: TokenizerName
  private let workspace: Workspace
  private let folder: SimilarityFolder
  /// The files of the segments in use, and the bytes of those that are new.
  private var names: [String] = []
  private var fresh: [String: [UInt8]] = [:]
  /// The state that the files are in.
  private var loaded: SimilarityState?

  /// Records whose texts are held at a time.
  private static let stride = 1 << 20

  init(_ fields: [PairField], _ tokenizer: TokenizerName, _ workspace: Workspace) throws {
    self.fields = fields
    self.tokenizer = tokenizer
    self.workspace = workspace
    let parameters = RougeLIndexParameters(
      tokenizer: tokenizer.version, field: fields.map(\.rawValue).joined(separator: "+"))
    folder = SimilarityFolder(
      kind: "rouge-l",
      parameters: .object([
        JSONMember("tokenizer", .string(parameters.tokenizer)),
        JSONMember("fields", .string(parameters.field)),
      ]), of: workspace.repository)
    index = try RougeLIndex([], parameters: parameters)
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
    for start in Swift.stride(from: 0, to: entries.count, by: Self.stride) {
      var rest = entries[start..<min(start + Self.stride, entries.count)]
      var encoder = TextEncoder(tokenizer)
      var texts = TokenTexts()
      let ids = rest.map(IndexedItem.id)
      try RecordScan(workspace).run(
        next: { rest.popFirst() }, making: { try RecordReader($0) },
        work: { [fields] reader, entry in
          try reader.pairBytes(entry).withUnsafeBytes { bytes in
            try ComparedText(of: ReadPair(bytes: bytes) { _ in nil }, fields: fields, groupBy: nil)
          }
        }, take: { encoder.append($1, to: &texts) })
      let batch = index.batch(texts.lists) { encoder.spelling(of: $0) }
      try append(index.segment(adding: Array(ids.indices), of: batch, ids: ids))
      dead += ids.map { _ in false }
    }
  }

  private mutating func append(_ segment: [UInt8]) throws {
    try replace(index.segments.count..<index.segments.count, with: segment)
  }

  private mutating func replace(_ range: Range<Int>, with segment: [UInt8]) throws {
    var segments = index.segments
    segments.replaceSubrange(range, with: [try RougeLSegment(segment)])
    index = try RougeLIndex(segments, parameters: index.parameters)
    let name = String(SHA256.digest(of: segment).hex.prefix(32))
    for old in names[range] { fresh[old] = nil }
    names.replaceSubrange(range, with: [name])
    fresh[name] = segment
  }

  // MARK: Files

  private mutating func load() -> (SimilarityState, RougeLIndex)? {
    let (state, files) = folder.load()
    loaded = state
    guard let state, let files,
      let segments = try? files.map({ try RougeLSegment($0.bytes, owner: $0) }),
      let index = try? RougeLIndex(segments, parameters: index.parameters),
      index.superseded.isEmpty, index.count == state.dead.count, (try? index.verify()) != nil
    else { return nil }
    return (state, index)
  }

  private mutating func take(_ index: RougeLIndex, _ state: SimilarityState) {
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
