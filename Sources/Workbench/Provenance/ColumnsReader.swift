import Objects
import Records

/// Reads the columns of many rows, all threads at once, each chunk of origins about once.
struct ColumnsReader {
  private let store: ObjectStore
  private let threads: Int

  /// Rows a thread reads at a time.
  private static let slice = 32

  init(_ workspace: Workspace) {
    store = workspace.store
    threads = workspace.session.threads
  }

  /// Name and canonical value of each column of each row, in the order in which the rows are given.
  func columns(of origins: [RecordID]) throws -> [[(name: [UInt8], value: [UInt8])]] {
    let order = origins.indices.sorted { origins[$0] < origins[$1] }
    var columns = [[(name: [UInt8], value: [UInt8])]](repeating: [], count: origins.count)
    var start = 0
    let store = store
    try Pipeline(threads: threads) { try OriginReader(store) }.run(
      next: { () -> [Int]? in
        guard start < order.count else { return nil }
        defer { start += Self.slice }
        return Array(order[start..<min(start + Self.slice, order.count)])
      },
      work: { reader, positions in
        try positions.map { (position: $0, columns: try reader.columns(of: origins[$0])) }
      },
      take: { rows in for row in rows { columns[row.position] = row.columns } })
    return columns
  }
}
