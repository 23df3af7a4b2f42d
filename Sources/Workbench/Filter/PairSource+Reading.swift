import History
import Objects
import Records

extension PairSource {
  /// Calls `work` with each pair on some thread, and `take` with what it returned, in order. A record is nil for a row of
  /// a file.
  ///
  /// - Throws: ``Failure`` with the place of the first malformed row.
  func read<Value: Sendable>(
    _ session: Session, work: @escaping @Sendable (ReadPair) throws -> Value,
    take: (TreeEntry?, Value) throws -> Void
  ) throws {
    try readGroups(
      session, making: {}, empty: [Value](), work: { _, pair, values in values.append(try work(pair)) },
      take: { entries, values in
        for (place, value) in values.enumerated() { try take(entries.isEmpty ? nil : entries[place], value) }
      })
  }

  /// Calls `work` with some hundreds of pairs on one thread, which has something of its own made by `making`, to add each to
  /// a value that is `empty` at first; and `take` with each of these values, in order, and the records, none for a file.
  ///
  /// - Throws: ``Failure`` with the place of the first malformed row.
  func readGroups<Own, Value: Sendable>(
    _ session: Session, making: @escaping @Sendable () -> Own, empty: Value,
    work: @escaping @Sendable (Own, ReadPair, inout Value) throws -> Void,
    take: ([TreeEntry], Value) throws -> Void
  ) throws {
    switch self {
    case .file(let written):
      let name = written == "-" ? "standard input" : nil
      let source = try ImportSource(written, name: name, session: session, folder: session.directory)
      try Self.readGroups(source, session, making: making, empty: empty, work: work) { try take([], $0) }
    case .version(let commit, let workspace):
      let walk = RecordWalk(try QueriedVersion(commit, in: workspace))
      try RecordScan(workspace).readGroups(
        next: { try walk.advance() ? walk.entry : nil }, making: making, empty: empty, work: work, take: take)
    }
  }

  private static func readGroups<Own, Value: Sendable>(
    _ source: ImportSource, _ session: Session, making: @escaping @Sendable () -> Own, empty: Value,
    work: @escaping @Sendable (Own, ReadPair, inout Value) throws -> Void, take: (Value) throws -> Void
  ) throws {
    var rows = try source.placing { try RowReader(source: source.read) }
    let decoder = RowDecoder(layout: rows.layout, options: ImportOptions())
    try Pipeline(threads: session.threads, making: making).run(
      next: { try source.placing { try rows.nextChunk() } },
      work: { (own, raw: RawChunk) -> Result<Value, RejectedFile> in
        let chunk = decoder.decode(raw)
        if let reject = chunk.rejects.first { return .failure(RejectedFile(row: reject)) }
        var value = empty
        try read(chunk) { try work(own, $0, &value) }
        return .success(value)
      },
      take: { found in
        switch found {
        case .success(let value): try take(value)
        case .failure(let rejected): throw source.failure(rejected.row)
        }
      })
  }

  private struct RejectedFile: Error {
    let row: RejectedRow
  }

  private static func read(_ chunk: DecodedChunk, _ work: (ReadPair) throws -> Void) throws {
    // Columns are read only when somebody asks.
    var origins: OriginsChunk?
    try chunk.pairBytes.withUnsafeBytes { bytes in
      var start = 0
      for (offset, end) in chunk.pairEnds.enumerated() {
        let pair = ReadPair(bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<end])) { facet in
          let known = try origins ?? OriginsChunk(parsing: chunk.origins)
          origins = known
          return known.json(ofColumn: facet.name, at: offset)
        }
        try work(pair)
        start = end
      }
    }
  }
}

extension RecordScan {
  /// As ``PairSource/readGroups(_:making:empty:work:take:)``, for the records that `next` returns until it returns nil.
  func readGroups<Own, Value: Sendable>(
    next: () throws -> TreeEntry?, making: @escaping @Sendable () -> Own, empty: Value,
    work: @escaping @Sendable (Own, ReadPair, inout Value) throws -> Void,
    take: ([TreeEntry], Value) throws -> Void
  ) throws {
    try runSlices(
      next: next, making: { (try RecordReader($0), making()) },
      work: { own, slice in
        var value = empty
        for entry in slice {
          try own.0.pairBytes(entry).withUnsafeBytes { bytes in
            try work(own.1, ReadPair(bytes: bytes) { try own.0.origins.json(of: $0, entry) }, &value)
          }
        }
        return value
      }, take: take)
  }

  /// Calls `work` with the pair of each of some records on some thread, and `take` with what it returned, in order.
  func read<Value: Sendable>(
    _ entries: ArraySlice<TreeEntry>, work: @escaping @Sendable (ReadPair) throws -> Value,
    take: (TreeEntry, Value) throws -> Void
  ) throws {
    var rest = entries
    try readGroups(
      next: { rest.popFirst() }, making: {}, empty: [Value](),
      work: { _, pair, values in values.append(try work(pair)) },
      take: { slice, values in for (entry, value) in zip(slice, values) { try take(entry, value) } })
  }
}

extension OriginsChunk {
  /// A column's value in a row; nil when the row does not have it, and for `null` and an empty text, which say nothing.
  func json(ofColumn name: String, at offset: Int) -> [UInt8]? {
    guard let column = column(named: name), let range = value(ofColumn: column, at: offset) else {
      return nil
    }
    let value = bytes[range]
    return value.elementsEqual("null".utf8) || value.elementsEqual("\"\"".utf8) ? nil : Array(value)
  }
}
