import History
import Objects
import Records

/// Writes a version as a file: batches in their order, each batch's records in the order of their rows.
///
/// Records are read, verified and rendered on all threads in slices; the bytes do not depend on how many.
struct Export {
  /// What was written.
  struct Summary {
    var records = 0
    var bytes = 0
    var sha256: ContentDigest
    var format: Format
  }

  /// Records a thread renders at once: as many as an origins chunk has rows.
  private static let slice = 512

  private let workspace: Workspace
  private let tree: SnapshotTree
  private let batches: [(id: ObjectID, batch: Batch)]
  private let layout: Layout

  /// - Parameter format: nil takes the layout of the first batch.
  /// - Throws: ``Failure`` when the format has no room for a column of a record.
  init(_ commit: Commit, format: Format?, in workspace: Workspace) throws {
    self.workspace = workspace
    tree = workspace.tree(of: commit)
    batches = try workspace.batches(of: commit)
    layout = try ExportLayout(commit, batches, in: workspace).layout(format)
  }

  /// Passes the file's bytes to `sink` piece by piece.
  func write(to sink: @escaping (UnsafeRawBufferPointer) throws -> Void) throws -> Summary {
    var output = DigestingSink(sink)
    try output.write(layout.prefix)
    var records = 0
    let threads = workspace.session.threads
    let (store, layout) = (workspace.store, layout)
    let pipeline = Pipeline(threads: threads) { try SliceRenderer(store, layout) }
    for (id, batch) in batches {
      let isOwn = try batch.layout.map { try Layout(json: $0) == layout } ?? false
      var cursor = tree.entries(in: RecordID.range(of: BatchPrefix(of: id)))
      try pipeline.run(
        next: {
          guard let entries = try nextSlice(&cursor) else { return nil }
          defer { records += entries.count }
          return Slice(entries: entries, isOwnLayout: isOwn, isFirst: records == 0)
        },
        work: { renderer, slice in try renderer.render(slice) },
        take: { try output.write($0) })
    }
    try output.write(layout.suffix)
    return Summary(records: records, bytes: output.count, sha256: output.finish(), format: layout.format)
  }

  private func nextSlice(_ cursor: inout TreeCursor) throws -> [TreeEntry]? {
    var slice: [TreeEntry] = []
    slice.reserveCapacity(Self.slice + Self.slice / 4)
    while slice.count < Self.slice, let leaf = try cursor.nextLeaf() { slice += leaf }
    return slice.isEmpty ? nil : slice
  }
}

/// Neighbouring records of one batch.
private struct Slice: Sendable {
  let entries: [TreeEntry]
  /// Whether the file is written in the batch's own layout.
  let isOwnLayout: Bool
  /// Whether the first of them begins the file.
  let isFirst: Bool
}

/// Reads, verifies and renders slices, on one thread.
private final class SliceRenderer {
  private let reader: ObjectReader
  private let origins: OriginReader
  private let layout: Layout
  /// As large as the largest slice so far: a slice is mostly like the one before.
  private var capacity = 1 << 16

  init(_ store: ObjectStore, _ layout: Layout) throws {
    reader = try ObjectReader(store)
    origins = try OriginReader(store)
    self.layout = layout
  }

  func render(_ slice: Slice) throws -> [UInt8] {
    var writer = RowWriter(layout: layout, isContinuing: !slice.isFirst)
    var output: [UInt8] = []
    output.reserveCapacity(capacity)
    for entry in slice.entries {
      let (chunk, offset) = try origins.chunk(of: entry.origin)
      let pair = try reader.bytes(of: entry.object, .pair)
      do {
        try writer.append(
          pair: pair, origin: chunk.origins, at: offset,
          isOwnLayout: slice.isOwnLayout && entry.origin == entry.key,
          to: &output)
      } catch {
        throw Failure(.data, "record `\(entry.key)`: \(error)")
      }
    }
    capacity = max(capacity, output.count + output.count / 8)
    return output
  }
}

/// Counts and hashes what passes through.
private struct DigestingSink {
  private let sink: (UnsafeRawBufferPointer) throws -> Void
  private let hasher = SHA256()
  private(set) var count = 0

  init(_ sink: @escaping (UnsafeRawBufferPointer) throws -> Void) {
    self.sink = sink
    hasher.begin()
  }

  mutating func write(_ bytes: [UInt8]) throws {
    count += bytes.count
    try bytes.withUnsafeBytes { buffer in
      hasher.update(buffer)
      try sink(buffer)
    }
  }

  func finish() -> ContentDigest { ContentDigest(hasher.finish()) }
}
