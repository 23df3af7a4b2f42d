import Objects
import Records

extension FuzzTarget {
  /// An object kind whose bytes are canonical: what is accepted is written again as the same bytes.
  private static func object<Value>(
    _ name: String, parse: @escaping @Sendable ([UInt8]) throws(ObjectFormatError) -> Value,
    write: @escaping @Sendable (Value) -> [UInt8]
  ) -> FuzzTarget {
    FuzzTarget(name) { input in
      let value: Value
      do throws(ObjectFormatError) {
        value = try parse(input)
      } catch {
        try promise(!error.description.isEmpty, "an error says nothing")
        return false
      }
      try promise(write(value) == input, "an accepted \(name) is written as other bytes")
      return true
    }
  }

  static let pair = object("pair", parse: Pair.init(canonical:), write: \.canonicalBytes)
  static let batch = object("batch", parse: Batch.init(parsing:), write: \.canonicalBytes)
  static let run = object("run", parse: Run.init(parsing:), write: \.canonicalBytes)
  static let checkpoint = object("checkpoint", parse: Checkpoint.init(parsing:), write: \.canonicalBytes)
  static let dataset = object("dataset", parse: Dataset.init(parsing:), write: \.canonicalBytes)
  static let report = object("report", parse: Report.init(parsing:), write: \.canonicalBytes)
  static let reasons = object("reasons", parse: Reasons.init(parsing:), write: \.canonicalBytes)
  static let operation = object("operation", parse: Operation.init(parsing:), write: \.canonicalBytes)

  /// Seeds from anybody's file: each is a seed object.
  static let seedFile = FuzzTarget("seed-file") { input in
    guard let seeds = try? SeedFile.read(input) else { return false }
    for seed in seeds {
      do {
        try promise(try Seed(parsing: seed.canonicalBytes) == seed, "a seed changes when it is read")
      } catch let error as ObjectFormatError {
        throw BrokenPromise("a seed that cannot be read back: \(error)")
      }
    }
    return true
  }

  /// `mdata.lock`, in any spelling.
  static let lockFile = FuzzTarget("lock-file") { input in
    guard let pinned = try? PinnedVersion(parsing: input) else { return false }
    do {
      let again = try PinnedVersion(parsing: pinned.encode())
      try promise(again == pinned, "a lock file changes when it is written")
      try promise(again.encode() == pinned.encode(), "a lock file's text is not a fixed point")
    } catch let error as ObjectFormatError {
      throw BrokenPromise("a lock file that cannot be read back: \(error)")
    }
    return true
  }

  /// A chunk of origins: every look-up of every row stays inside the object.
  static let origins = FuzzTarget("origins") { input in
    let chunk: OriginsChunk
    do throws(ObjectFormatError) { chunk = try OriginsChunk(parsing: input) } catch { return false }
    try promise(chunk.bytes == input, "a chunk changes when it is read")
    for row in 0..<min(chunk.count, 600) {
      for cell in chunk.cells(at: row) {
        try promise(chunk.columnNames.indices.contains(cell.column), "column \(cell.column)")
        try promise(cell.value.upperBound <= input.count && !cell.value.isEmpty, "cell \(cell.value)")
        do {
          _ = try JSON.parse(Array(input[cell.value]))
        } catch {
          throw BrokenPromise("a cell that is no JSON: \(error)")
        }
        let name = String(decoding: chunk.columnNames[cell.column], as: UTF8.self)
        try promise(
          chunk.column(named: name).flatMap { chunk.value(ofColumn: $0, at: row) } == cell.value,
          "a cell is not found by its column's name")
      }
      _ = chunk.place(at: row)
      _ = chunk.editedRecord(at: row)
      _ = chunk.placeholder(at: row)
      _ = chunk.verbatim(at: row)
      try promise(chunk.offset(ofRow: chunk.first + row) == row, "row \(row) is not found")
    }
    return true
  }
}
