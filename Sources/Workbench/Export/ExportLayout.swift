import History
import Objects
import Records

/// Finds the layout that a version is written in: the first batch's where it has room for all records, else the usual one of
/// its format.
///
/// A column can have the name of a part of the pair when its row came in another layout, as `instruction` beside a
/// conversation: a row would have that name twice, or be read as another pair.
final class ExportLayout {
  private let commit: Commit
  private let workspace: Workspace
  private let batches: [(id: ObjectID, batch: Batch)]
  /// The layout of the first batch that has one.
  private let first: Layout?
  private var knownTable: ExportTable?

  /// - Parameter batches: those of the version, in their order.
  init(_ commit: Commit, _ batches: [(id: ObjectID, batch: Batch)], in workspace: Workspace) throws {
    self.commit = commit
    self.workspace = workspace
    self.batches = batches
    first = try batches.lazy.compactMap(\.batch.layout).first.map(Layout.init(json:))
  }

  /// - Parameter format: nil takes that of the first batch.
  /// - Throws: ``Failure`` naming the record and column that the format has no room for, and the formats that have.
  func layout(_ format: Format?) throws -> Layout {
    let target = format ?? first?.format ?? .alpacaJSONL
    var clash: ExportTable.Column?
    for candidate in try candidates(target) {
      guard let found = try self.clash(with: candidate.reserved) else { return candidate.layout }
      clash = clash ?? found
    }
    guard let clash else { return .standard(target) }
    throw try noRoom(for: clash, in: target)
  }

  private struct Candidate {
    let layout: Layout
    /// The names that columns beside the pair must not have.
    let reserved: Set<[UInt8]>
  }

  /// Layouts of a format, the one to be preferred first.
  private func candidates(_ format: Format) throws -> [Candidate] {
    let isTable = format == .csv || format == .tsv
    var own = first.flatMap { $0.format == format ? $0 : nil }
    var usual = Layout.standard(format)
    // A header names the columns of all rows, and makes parts of the pair of those with their names.
    let reserved = usual.reservedNames
    if isTable, own == nil || batches.count > 1 {
      let table = try table()
      own = own.flatMap { table.fits($0) ? $0 : nil }
      usual = table.layout(format)
    }
    return (own.map { [Candidate(layout: $0, reserved: $0.reservedNames)] } ?? [])
      + [Candidate(layout: usual, reserved: reserved)]
  }

  /// The columns of all records, read when they are first asked for.
  private func table() throws -> ExportTable {
    let table = try knownTable ?? ExportTable(workspace.tree(of: commit), in: workspace)
    knownTable = table
    return table
  }

  /// A column with one of these names.
  private func clash(with reserved: Set<[UInt8]>) throws -> ExportTable.Column? {
    guard try knownTable != nil || mayHaveColumn(named: reserved) else { return nil }
    return try table().columns.first { reserved.contains($0.name) }
  }

  /// Whether any row of the batches has a column with one of these names, be it in the version or not. An imported batch
  /// whose layout gave the names their meaning has none, so that mostly nothing is read.
  private func mayHaveColumn(named names: Set<[UInt8]>) throws -> Bool {
    let open = try batches.filter { _, batch in
      guard batch.origin == .imported, let layout = batch.layout else { return true }
      return try !names.isSubset(of: Layout(json: layout).reservedNames)
    }
    guard !open.isEmpty else { return false }
    let store = workspace.store
    var chunks = open.flatMap(\.batch.origins)[...]
    var isFound = false
    try Pipeline(threads: workspace.session.threads) { try ObjectReader(store) }.run(
      next: { isFound ? nil : chunks.popFirst() },
      work: { reader, chunk in
        try OriginsChunk(parsing: reader.read(chunk, .origins)).columnNames.contains { names.contains($0) }
      },
      take: { isFound = isFound || $0 })
    return isFound
  }

  private func noRoom(for column: ExportTable.Column, in format: Format) throws -> Failure {
    let name = String(decoding: column.name, as: UTF8.self)
    let failure = Failure(
      .data,
      "record `\(try workspace.short(column.record))` has a column `\(name)`, which is the name of a part of the pair in "
        + format.rawValue)
    let others = try formatsWithRoom().map { "`--format \($0.rawValue)`" }
    if let last = others.last {
      let list = others.dropLast().joined(separator: ", ")
      return failure.hinting(
        (list.isEmpty ? last : "\(list) or \(last)") + " has room for all records of this version")
    }
    return failure.hinting(
      "no format has room for all records of this version: choose those that go together, as with "
        + "`mdata select --where \"batch <> '\(try workspace.short(column.record.batch))'\" --branch NAME`")
  }

  private func formatsWithRoom() throws -> [Format] {
    var (input, system, turns) = (false, false, false)
    try VersionScan(commit, in: workspace).run(
      making: { try RecordReader($0) },
      work: { reader, entry in
        let pair = try reader.pair(entry)
        return (pair.input != nil, pair.system != nil, !pair.turns.isEmpty)
      },
      take: { _, has in (input, system, turns) = (input || has.0, system || has.1, turns || has.2) })
    return try Format.allCases.filter { format in
      try candidates(format).contains {
        try $0.layout.hasRoom(forInput: input, system: system, turns: turns)
          && clash(with: $0.reserved) == nil
      }
    }
  }
}
