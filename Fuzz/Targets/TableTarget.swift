import Records

extension FuzzTarget {
  /// Rows that need hold no pair: the first byte says in what steps the file arrives, the rest is the file.
  static let table = FuzzTarget("table") { input in
    guard let choice = input.first else { return false }
    let bytes = Array(input.dropFirst())
    let limits = choice & 1 == 0 ? limits : .row
    let whole = try Table(bytes, limits, step: max(1, bytes.count))
    let pieces = try Table(bytes, limits, step: Int(choice >> 1) % 16 + 1)
    try promise(whole == pieces, "rows depend on how they arrive: \(whole) and \(pieces)")
    return whole.failure == nil
  }

  private static let limits = JSONLimits(depth: 8, keys: 16, stringBytes: 256, textBytes: 1024)
}

/// What was read of a file.
private struct Table: Equatable {
  private(set) var rows: [String] = []
  private(set) var failure: ImportFailure?

  init(_ bytes: [UInt8], _ limits: JSONLimits, step: Int) throws {
    var position = 0
    do {
      var reader = try TableReader(
        source: { buffer in
          let count = min(step, buffer.count, bytes.count - position)
          bytes[position..<position + count].withUnsafeBytes { buffer.copyMemory(from: $0) }
          position += count
          return count
        }, limits: limits)
      while let chunk = try reader.nextChunk() {
        for row in try reader.decoder.decode(chunk) { rows.append(try Self.text(row, in: bytes)) }
      }
    } catch let error as ImportFailure {
      if case .malformed(let row) = error {
        try promise(
          (0...bytes.count).contains(row.byte), "the fault lies outside of the file, at \(row.byte)")
      }
      failure = error
    }
  }

  private static func text(_ row: TableRow, in bytes: [UInt8]) throws -> String {
    let place = row.place
    try promise(
      place.line > 0 && place.byte >= 0 && place.length > 0 && place.byte + place.length <= bytes.count,
      "a row lies outside of the file, at \(place)")
    let members = CanonicalJSON.encode(.object(row.members))
    return "\(place.line):\(place.byte):\(place.length) \(String(decoding: members, as: UTF8.self))"
  }
}
