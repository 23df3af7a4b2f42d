@testable import Records

/// A whole import, as a test looks at it.
struct CSVImport {
  var layout: Layout
  var pairs: [Pair] = []
  var origins: [OriginsChunk] = []
  var rejects: [RejectedRow] = []
  var warnings: [String: Int] = [:]

  /// Imports a text that arrives `step` bytes at a time.
  init(_ source: [UInt8], _ options: ImportOptions = ImportOptions(), step: Int = 1 << 20) throws {
    var position = 0
    var reader = try RowReader(
      source: { buffer in
        let count = min(step, buffer.count, source.count - position)
        buffer.copyBytes(from: source[position..<position + count])
        position += count
        return count
      }, options: options)
    let decoder = RowDecoder(layout: reader.layout, options: options)
    layout = reader.layout
    while let chunk = try reader.nextChunk() {
      rejects += chunk.rejects
      let decoded = decoder.decode(chunk)
      rejects += decoded.rejects
      warnings.merge(decoded.warnings, uniquingKeysWith: +)
      var start = 0
      for end in decoded.pairEnds {
        pairs.append(try Pair(canonical: Array(decoded.pairBytes[start..<end])))
        start = end
      }
      origins.append(try OriginsChunk(parsing: decoded.origins))
    }
    layout = reader.layout
  }

  init(_ text: String, _ options: ImportOptions = ImportOptions()) throws {
    try self.init(Array(text.utf8), options)
  }

  var rows: [OriginRow] {
    get throws { try origins.flatMap { chunk in try (0..<chunk.count).compactMap { try chunk.row(at: $0) } } }
  }

  /// The file that an export in its own layout gives.
  func exported() throws -> [UInt8] {
    var writer = RowWriter(layout: layout)
    var output = writer.begin()
    var row = 0
    for chunk in origins {
      for offset in 0..<chunk.count {
        try pairs[row].canonicalBytes.withUnsafeBytes {
          try writer.append(pair: $0, origin: chunk, at: offset, isOwnLayout: true, to: &output)
        }
        row += 1
      }
    }
    return output + writer.end()
  }
}
