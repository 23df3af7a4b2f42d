import History
import Objects
import Records

/// Finds out what numbers change of records, on one thread.
final class ScoredRecords {
  /// A record whose columns change.
  struct Change: Sendable {
    let columns: [(name: [UInt8], value: [UInt8])]
    let placeholder: String?
    /// A bit for each score that the column of its name is from now on.
    let scores: UInt64
    /// What was said of the columns so far.
    let batch: Batch
  }

  private let origins: OriginReader
  private let names: [String]
  private let columns: [[UInt8]]

  init(_ store: ObjectStore, _ names: [String]) throws {
    origins = try OriginReader(store)
    self.names = names
    columns = names.map { Array($0.utf8) }
  }

  /// - Parameter values: for each score its number, or not a number when nothing is said of it.
  /// - Returns: nil when the record has all these scores already, or none is said.
  /// - Throws: ``Failure`` when the column of a score's name is something else.
  func change(_ entry: TreeEntry, _ values: [Double]) throws -> Change? {
    guard !values.allSatisfy(\.isNaN) else { return nil }
    let (chunk, offset) = try origins.chunk(of: entry.origin)
    let batch = try origins.batch(entry.origin.batch).batch
    var cells = chunk.origins.cells(at: offset).map { cell in
      (name: chunk.origins.columnNames[cell.column], value: Array(chunk.origins.bytes[cell.value]))
    }
    var (scores, isSame): (UInt64, Bool) = (0, true)
    for (place, value) in values.enumerated() {
      let name = names[place]
      let cell = cells.firstIndex { $0.name == columns[place] }
      let mapped = batch.mapping[.score(name)]
      guard !value.isNaN else {
        // A column that nothing was said of must not become a score, nor a score of another column get lost.
        if cell == nil, mapped == nil { scores |= 1 << place }
        continue
      }
      scores |= 1 << place
      if let cell {
        let known = try JSON.parse(cells[cell].value)
        try check(known, name, batch, entry.key)
        if mapped == name, Self.number(known) == value { continue }
        cells[cell].value = CanonicalJSON.encode(.number(value))
      } else {
        cells.append((columns[place], CanonicalJSON.encode(.number(value))))
      }
      isSame = false
    }
    guard !isSame else { return nil }
    return Change(
      columns: cells, placeholder: chunk.origins.placeholder(at: offset), scores: scores, batch: batch)
  }

  private func check(_ known: JSONValue, _ name: String, _ batch: Batch, _ record: RecordID) throws {
    let other = batch.mapping.entries.first { $0.column == name && $0.role != .score(name) }
    guard other == nil, known.isNull || Self.number(known) != nil || known.string?.isEmpty == true else {
      throw TakenColumn(
        record: record, name: name,
        meaning: other.map { "answers `\($0.role.text)`" } ?? "is no number")
    }
  }

  /// A column that a score would write over.
  struct TakenColumn: Error {
    let record: RecordID
    let name: String
    let meaning: String
  }

  /// The number of a column, which in CSV is a text.
  private static func number(_ value: JSONValue) -> Double? {
    if let number = value.double { return number }
    return value.string.flatMap(Double.init).flatMap { $0.isFinite ? $0 : nil }
  }
}
