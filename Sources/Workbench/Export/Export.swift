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
  /// - Throws: ``Failure`` when the version has no batch to take a layout from.
  init(_ commit: Commit, format: Format?, in workspace: Workspace) throws {
    self.workspace = workspace
    tree = workspace.tree(of: commit)
    batches = try workspace.batches(of: commit)
    let first = try batches.lazy.compactMap(\.batch.layout).first.map(Layout.init(json:))
    let own = first.flatMap { format == nil || format == $0.format ? $0 : nil }
    let target = own?.format ?? format ?? .alpacaJSONL
    if target == .csv || target == .tsv, batches.count > 1 || own == nil {
      let table = try ExportTable(tree, in: workspace)
      layout = own.flatMap { table.fits($0) ? $0 : nil } ?? table.layout(target)
    } else {
      layout = own ?? .standard(target)
    }
  }

  /// Passes the file's bytes to `sink` piece by piece.
  func write(to sink: @escaping (UnsafeRawBufferPointer) throws -> Void) throws -> Summary {
    var output = DigestingSink(sink)
    try output.write(layout.prefix)
    var records = 0
    for (id, batch) in batches {
      let isOwn = try batch.layout.map { try Layout(json: $0) == layout } ?? false
      var cursor = tree.entries(in: RecordID.range(of: BatchPrefix(of: id)))
      while true {
        let wave = try nextWave(&cursor)
        if wave.isEmpty { break }
        for rendered in try render(wave, isOwnLayout: isOwn, isFirst: records == 0) {
          try output.write(rendered)
        }
        records += wave.reduce(0) { $0 + $1.count }
      }
    }
    try output.write(layout.suffix)
    return Summary(records: records, bytes: output.count, sha256: output.finish(), format: layout.format)
  }

  private func nextWave(_ cursor: inout TreeCursor) throws -> [[TreeEntry]] {
    var wave: [[TreeEntry]] = []
    var slice: [TreeEntry] = []
    while wave.count < workspace.session.threads * 4, let leaf = try cursor.nextLeaf() {
      slice += leaf
      if slice.count >= Self.slice {
        wave.append(slice)
        slice.removeAll(keepingCapacity: true)
      }
    }
    if !slice.isEmpty { wave.append(slice) }
    return wave
  }

  private func render(_ wave: [[TreeEntry]], isOwnLayout: Bool, isFirst: Bool) throws -> [[UInt8]] {
    let (store, layout) = (workspace.store, layout)
    return try parallel(wave.count, threads: workspace.session.threads) { index in
      let reader = try ObjectReader(store)
      let origins = try OriginReader(store)
      var writer = RowWriter(layout: layout, isContinuing: !(isFirst && index == 0))
      var output: [UInt8] = []
      for entry in wave[index] {
        let (chunk, offset) = try origins.chunk(of: entry.origin)
        let pair = try reader.bytes(of: entry.object, .pair)
        do {
          try writer.append(
            pair: pair, origin: chunk.origins, at: offset,
            isOwnLayout: isOwnLayout && entry.origin == entry.key,
            to: &output)
        } catch {
          throw Failure(.data, "record `\(entry.key)`: \(error)")
        }
      }
      return output
    }
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
