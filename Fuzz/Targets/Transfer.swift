import Records

/// An import in memory, as the verbs make it: cut, decode, keep.
struct Transfer {
  var layout: Layout
  var pairs: [[UInt8]] = []
  var origins: [OriginsChunk] = []
  var rejects: [RejectedRow] = []

  /// Imports bytes that arrive `step` at a time.
  ///
  /// - Throws: ``ImportFailure``, or ``BrokenPromise``.
  init(_ bytes: [UInt8], _ options: ImportOptions, step: Int) throws {
    var position = 0
    var reader = try RowReader(
      source: { buffer in
        let count = min(buffer.count, bytes.count - position, step)
        buffer.copyBytes(from: bytes[position..<position + count])
        position += count
        return count
      }, options: options)
    layout = reader.layout
    let decoder = RowDecoder(layout: reader.layout, options: options)
    while let chunk = try reader.nextChunk() {
      let decoded = decoder.decode(chunk)
      var start = 0
      for end in decoded.pairEnds {
        pairs.append(Array(decoded.pairBytes[start..<end]))
        start = end
      }
      if decoded.count > 0 {
        do {
          origins.append(try OriginsChunk(parsing: decoded.origins))
        } catch {
          throw BrokenPromise("origins that cannot be read back: \(error)")
        }
      }
      rejects += chunk.rejects + decoded.rejects
    }
    do {
      layout = try Layout(json: try JSON.parse(CanonicalJSON.encode(reader.layout.json)))
    } catch {
      throw BrokenPromise("a layout that cannot be read back: \(error)")
    }
    try promise(layout == reader.layout, "a layout changes when it is kept")
  }

  /// The rows written again in their own layout.
  func exported() throws -> [UInt8] {
    var writer = RowWriter(layout: layout)
    var output = writer.begin()
    for (index, pair) in pairs.enumerated() {
      let (chunk, row) = (index / RowReader.rowsPerChunk, index % RowReader.rowsPerChunk)
      try pair.withUnsafeBytes { pair in
        try writer.append(pair: pair, origin: origins[chunk], at: row, isOwnLayout: true, to: &output)
      }
    }
    return output + writer.end()
  }

  /// Imports bytes and holds the result to every promise an import makes. Returns whether all rows were taken.
  static func check(_ bytes: [UInt8], _ options: ImportOptions, step: Int) throws -> Bool {
    func attempt(_ step: Int) throws -> Result<Transfer, ImportFailure> {
      do {
        return .success(try Transfer(bytes, options, step: step))
      } catch let failure as ImportFailure {
        return .failure(failure)
      }
    }
    func inBounds(_ row: RejectedRow) throws {
      try promise((0...bytes.count).contains(row.byte), "byte \(row.byte) of \(bytes.count)")
      try promise(row.line >= 1 && row.column >= 1, "place \(row)")
      try promise(row.line <= bytes.count { $0 == 0x0A || $0 == 0x0D } + 1, "line \(row.line)")
    }
    switch (try attempt(.max), try attempt(step)) {
    case (.failure(let whole), .failure(let pieces)):
      if case .malformed(let row) = whole { try inBounds(row) }
      if case .malformed(let row) = pieces { try inBounds(row) }
      return false
    case (.success(let whole), .success(let pieces)):
      try promise(whole.pairs == pieces.pairs, "the pairs depend on how the bytes arrive")
      try promise(whole.rejects == pieces.rejects, "the rejects depend on how the bytes arrive")
      for row in whole.rejects { try inBounds(row) }
      for bytes in whole.pairs {
        do {
          try promise(try Pair(canonical: bytes).canonicalBytes == bytes, "a pair changes when it is read")
        } catch let error as ObjectFormatError {
          throw BrokenPromise("a pair that cannot be read back: \(error)")
        }
      }
      guard whole.rejects.isEmpty else { return false }
      do {
        try promise(try whole.exported() == bytes, "the rows do not come back byte for byte")
      } catch let failure as ExportFailure {
        throw BrokenPromise("rows that cannot be written again: \(failure)")
      }
      return true
    case (.success, .failure(let failure)), (.failure(let failure), .success):
      throw BrokenPromise("whether rows are taken depends on how the bytes arrive: \(failure)")
    }
  }
}
