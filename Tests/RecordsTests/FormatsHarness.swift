import Testing

@testable import Records

/// An import and an export of the same bytes, in memory.
struct Transfer {
  let layout: Layout
  let pairs: [[UInt8]]
  let origins: [OriginsChunk]
  let rejects: [RejectedRow]
  let warnings: [String: Int]

  /// Imports `bytes`, giving the reader `step` bytes at a time.
  init(_ bytes: [UInt8], _ options: ImportOptions = ImportOptions(), step: Int = .max) throws {
    var position = 0
    var reader = try RowReader(
      source: { buffer in
        let count = min(buffer.count, bytes.count - position, step)
        bytes.withUnsafeBytes {
          buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
        }
        position += count
        return count
      }, options: options)
    let decoder = RowDecoder(layout: reader.layout, options: options)
    var pairs: [[UInt8]] = []
    var origins: [OriginsChunk] = []
    var rejects: [RejectedRow] = []
    var warnings: [String: Int] = [:]
    while let chunk = try reader.nextChunk() {
      let decoded = decoder.decode(chunk)
      var start = 0
      for end in decoded.pairEnds {
        pairs.append(Array(decoded.pairBytes[start..<end]))
        start = end
      }
      if decoded.count > 0 { origins.append(try OriginsChunk(parsing: decoded.origins)) }
      rejects += chunk.rejects + decoded.rejects
      warnings.merge(decoded.warnings, uniquingKeysWith: +)
    }
    // What is kept is what comes back from the batch.
    layout = try Layout(json: try JSON.parse(CanonicalJSON.encode(reader.layout.json)))
    #expect(layout == reader.layout)
    (self.pairs, self.origins, self.rejects, self.warnings) = (pairs, origins, rejects, warnings)
  }

  init(_ text: String, _ options: ImportOptions = ImportOptions()) throws {
    try self.init(Array(text.utf8), options)
  }

  /// The pairs written again, in the layout of the import unless another is given.
  func exported(_ other: Layout? = nil) throws -> String {
    var writer = RowWriter(layout: other ?? layout)
    var output = writer.begin()
    for (index, pair) in pairs.enumerated() {
      let (chunk, row) = (index / RowReader.rowsPerChunk, index % RowReader.rowsPerChunk)
      try pair.withUnsafeBytes { pair in
        try writer.append(pair: pair, origin: origins[chunk], at: row, isOwnLayout: other == nil, to: &output)
      }
    }
    return String(decoding: output + writer.end(), as: UTF8.self)
  }

  /// The canonical pairs as text.
  var pairTexts: [String] { pairs.map { String(decoding: $0, as: UTF8.self) } }

  /// How many rows keep their own bytes.
  var verbatimCount: Int {
    origins.reduce(0) { sum, chunk in sum + (0..<chunk.count).count { chunk.verbatim(at: $0) != nil } }
  }

  /// A column of a row as canonical text.
  func column(_ name: String, of row: Int) -> String? {
    let (chunk, offset) = (origins[row / RowReader.rowsPerChunk], row % RowReader.rowsPerChunk)
    guard let column = chunk.column(named: name), let range = chunk.value(ofColumn: column, at: offset) else {
      return nil
    }
    return String(decoding: chunk.bytes[range], as: UTF8.self)
  }
}
