import Records

/// Where items stand in a checkout, when that is not their own order.
struct CheckoutOrder {
  /// For each item its number; nil for those that the version does not have.
  let numbers: [UInt32?]
  /// The item of a number.
  let items: [Int]

  /// Nil when all items are there, in order.
  init?(_ count: Int, _ dead: [Bool], _ version: QueriedVersion, record: (Int) -> RecordID) throws {
    var orders: [(order: UInt64, item: Int)] = []
    orders.reserveCapacity(count)
    var last: (batch: BatchPrefix, order: UInt64)?
    var isInOrder = true
    for item in 0..<count where !dead[item] {
      let record = record(item)
      // Records of a batch follow each other as a rule.
      if let known = last, known.batch == record.batch {
        last = (record.batch, (known.order >> 32) << 32 | UInt64(record.row))
      } else {
        last = (record.batch, try version.order(of: record))
      }
      let order = last?.order ?? 0
      if let previous = orders.last, previous.order > order { isInOrder = false }
      orders.append((order, item))
    }
    if isInOrder, orders.count == count { return nil }
    if !isInOrder { orders.sort { $0.order < $1.order } }
    var numbers = [UInt32?](repeating: nil, count: count)
    for (number, place) in orders.enumerated() { numbers[place.item] = UInt32(number) }
    self.numbers = numbers
    items = orders.map(\.item)
  }
}
