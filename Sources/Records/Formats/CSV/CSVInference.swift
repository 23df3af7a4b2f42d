/// Finds the layout that most of a CSV file's first rows are spelled in.
struct CSVInference {
  private let header: CSVHeader

  init(_ header: CSVHeader) { self.header = header }

  /// The layout of a file whose first chunk this is. Its suffix is not known yet.
  func layout(of chunk: RawChunk) -> Layout {
    return Layout(
      format: header.format, prefix: Array(chunk.bytes[..<prefixEnd(in: chunk)]),
      separator: separator(of: chunk),
      suffix: [],
      fields: header.fields,
      dialect: CSVDialect(delimiter: header.delimiter, quoting: quoting(of: chunk)).json)
  }

  /// Behind the header and the empty lines after it. What else is before the first row was left out of the import,
  /// and belongs into no export.
  private func prefixEnd(in chunk: RawChunk) -> Int {
    guard let first = chunk.rows.first?.start, first >= header.end,
      chunk.bytes[header.end..<first].allSatisfy({ $0 == 0x0A || $0 == 0x0D })
    else { return header.end }
    return first
  }

  /// The most usual line end, or that of the header when there is one row.
  private func separator(of chunk: RawChunk) -> [UInt8] {
    var counts: [[UInt8]: Int] = [:]
    for row in chunk.rows.dropFirst() where row.start - row.gapStart <= 2 {
      counts[Array(chunk.bytes[row.gapStart..<row.start]), default: 0] += 1
    }
    // Equal counts are decided by the shorter, then the smaller, so that the result does not depend on hashing.
    let usual = counts.max { left, right in
      if left.value != right.value { return left.value < right.value }
      if left.key.count != right.key.count { return left.key.count > right.key.count }
      return right.key.lexicographicallyPrecedes(left.key)
    }
    if let usual { return usual.key }
    let headerLine = chunk.bytes[..<header.end]
    if headerLine.last == 0x0D { return [0x0D] }
    return headerLine.dropLast().last == 0x0D ? [0x0D, 0x0A] : [0x0A]
  }

  /// How often cells of one column were spelled in ways that tell quotings apart.
  private struct Evidence {
    var barePlain = 0
    var quotedPlain = 0
    var bareEmpty = 0
    var quotedEmpty = 0

    var quoting: CSVDialect.Quoting {
      let quotes = quotedPlain > barePlain || (quotedPlain == barePlain && quotedEmpty > bareEmpty)
      guard quotes else { return .needed }
      return bareEmpty > quotedEmpty ? .unlessEmpty : .always
    }
  }

  private func quoting(of chunk: RawChunk) -> [CSVDialect.Quoting] {
    var evidence = Array(repeating: Evidence(), count: header.fields.count)
    chunk.bytes.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      var row = CSVRow(delimiter: header.delimiter, count: header.fields.count, limits: .row)
      for raw in chunk.rows {
        guard (try? row.parse(base, from: raw.start, to: raw.end)) != nil else { continue }
        for (column, cell) in row.cells.enumerated() {
          if cell.start == cell.end {
            if cell.isQuoted { evidence[column].quotedEmpty += 1 } else { evidence[column].bareEmpty += 1 }
          } else if !cell.needsQuotes(base, header.delimiter) {
            if cell.isQuoted { evidence[column].quotedPlain += 1 } else { evidence[column].barePlain += 1 }
          }
        }
      }
    }
    return evidence.map(\.quoting)
  }
}
