/// The order in which most rows write their columns, found from rows that each have some of them.
struct ColumnOrder {
  /// The most columns that are put in order; further ones are left out.
  private static let mostColumns = 256

  private var columns: [NameBytes: Int] = [:]
  private var all: [String] = []
  /// How often column `a` stood before column `b`, at `[a * mostColumns + b]`.
  private var before: [Int32] = []

  /// Notes the columns of one row.
  mutating func add(_ names: [String]) {
    if before.isEmpty { before = Array(repeating: 0, count: Self.mostColumns * Self.mostColumns) }
    var row: [Int] = []
    for name in names {
      if let known = columns[NameBytes(text: name)] {
        row.append(known)
      } else if all.count < Self.mostColumns {
        columns[NameBytes(text: name)] = all.count
        row.append(all.count)
        all.append(name)
      }
    }
    for (position, first) in row.enumerated() {
      for second in row[(position + 1)...] { before[first * Self.mostColumns + second] += 1 }
    }
  }

  /// The columns so that neighbours stand as they mostly do.
  var names: [String] {
    var order = Array(all.indices)
    // Every pass settles at least one column when the rows agree; when they do not, any order will do.
    for _ in order.indices {
      var isSettled = true
      for position in order.indices.dropLast() {
        let (first, second) = (order[position], order[position + 1])
        if before[second * Self.mostColumns + first] > before[first * Self.mostColumns + second] {
          order.swapAt(position, position + 1)
          isSettled = false
        }
      }
      if isSettled { break }
    }
    return order.map { all[$0] }
  }
}
