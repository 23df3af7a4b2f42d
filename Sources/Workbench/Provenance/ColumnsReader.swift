import Objects
import Records

/// Reads the columns of many rows and what their batches say of them, all threads at once, each chunk of origins about
/// once.
struct ColumnsReader {
  private let store: ObjectStore
  private let threads: Int

  /// Rows a thread reads at a time.
  private static let slice = 32

  init(_ workspace: Workspace) {
    store = workspace.store
    threads = workspace.session.threads
  }

  /// What was read.
  struct Found {
    /// Name and canonical value of each column of each row, in the order in which the rows are given.
    var columns: [[(name: [UInt8], value: [UInt8])]]
    /// The batches of the rows.
    var batches: [BatchPrefix: Batch] = [:]
  }

  /// The columns of rows, and their batches.
  func read(_ origins: [RecordID]) throws -> Found {
    let order = origins.indices.sorted { origins[$0] < origins[$1] }
    var found = Found(columns: [[(name: [UInt8], value: [UInt8])]](repeating: [], count: origins.count))
    var start = 0
    let store = store
    try Pipeline(threads: threads) { try OriginReader(store) }.run(
      next: { () -> [Int]? in
        guard start < order.count else { return nil }
        defer { start += Self.slice }
        return Array(order[start..<min(start + Self.slice, order.count)])
      },
      work: { reader, positions in
        var batches: [BatchPrefix: Batch] = [:]
        let rows = try positions.map { position in
          let origin = origins[position]
          if batches[origin.batch] == nil { batches[origin.batch] = try reader.batch(origin.batch).batch }
          return (position: position, columns: try reader.columns(of: origin))
        }
        return (rows: rows, batches: batches)
      },
      take: { slice in
        for row in slice.rows { found.columns[row.position] = row.columns }
        found.batches.merge(slice.batches) { known, _ in known }
      })
    return found
  }
}
