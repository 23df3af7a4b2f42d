import History
import Objects
import Records

/// The columns of a version written as a table: all that any of its records has, because a table names its columns
/// once, before the first row.
struct ExportTable {
  /// A column, and the first record that has it.
  struct Column {
    let name: [UInt8]
    let record: RecordID
  }

  private(set) var columns: [Column] = []
  private var hasSystem = false

  /// Reads every record, in the order of their ids.
  init(_ tree: SnapshotTree, in workspace: Workspace) throws {
    let reader = try RecordReader(workspace.store)
    var seen: Set<[UInt8]> = []
    var entries = tree.entries()
    while let leaf = try entries.nextLeaf() {
      for entry in leaf {
        let (chunk, offset) = try reader.origins.chunk(of: entry.origin)
        for cell in chunk.origins.cells(at: offset) {
          let name = chunk.origins.columnNames[cell.column]
          if seen.insert(name).inserted { columns.append(Column(name: name, record: entry.key)) }
        }
        if !hasSystem, try reader.pair(entry).system != nil { hasSystem = true }
      }
    }
  }

  /// Whether a table that was imported has a column for everything.
  func fits(_ layout: Layout) -> Bool {
    let names = layout.fields.filter { $0.role == nil }.map { Array($0.name.utf8) }
    return columns.allSatisfy { names.contains($0.name) }
      && (!hasSystem || layout.fields.contains { $0.role == .system })
  }

  func layout(_ format: Format) -> Layout {
    .table(format, columns: columns.map { String(decoding: $0.name, as: UTF8.self) }, hasSystem: hasSystem)
  }
}
