import Records

extension FuzzTarget {
  /// A line of a patch in any spelling, and the rows in it.
  static let patchLine = FuzzTarget("patch-line") { input in
    let line: PatchLine
    do throws(ObjectFormatError) {
      line = try PatchLine(parsing: input)
    } catch {
      try promise(!error.description.isEmpty, "an error says nothing")
      return false
    }
    do {
      try promise(try PatchLine(parsing: line.bytes).bytes == line.bytes, "a line changes when it is written")
    } catch let error as ObjectFormatError {
      throw BrokenPromise("a line that cannot be read back: \(error)")
    }
    guard case .record(let record) = line else { return true }
    for row in [record.old, record.new].compactMap({ $0 }) {
      do {
        let fields = try RecordFields(row: row)
        let again = try RecordFields(pair: fields.pair, columns: fields.columns)
        try promise(again.isSame(as: fields), "a row changes when it becomes a pair and columns")
        _ = try Pair(canonical: fields.pair)
      } catch let error as RowFormatError {
        try promise(!"\(error)".isEmpty, "an error says nothing")
      } catch let error as ObjectFormatError {
        throw BrokenPromise("a row that makes no pair: \(error)")
      }
    }
    return true
  }
}
