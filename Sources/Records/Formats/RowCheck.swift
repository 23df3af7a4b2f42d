/// Says which rows are malformed, as their family of formats does.
enum RowCheck {
  case json(RowParser)
  case csv(CSVRow)

  /// Reads the row at `start..<end` of the bytes at `base`, for its faults only.
  mutating func read(_ base: UnsafePointer<UInt8>, from start: Int, to end: Int) throws(RowFault) {
    switch self {
    case .json(var parser):
      var values = RowValues()
      try parser.parse(base, from: start, to: end, into: &values)
    case .csv(var row): try row.parse(base, from: start, to: end)
    }
  }
}
