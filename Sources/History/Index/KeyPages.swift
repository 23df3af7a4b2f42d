import Foundation

/// The rows of a large import by the hash of one column: pages of about 128 rows, chosen by the hash's leading bits.
///
/// One row of SQL for each row of the dataset would take longer to write than the dataset itself. An entry is eight
/// bytes, little-endian: the row's number, then the hash's low half.
struct KeyPages {
  /// Imports of at least so many rows are kept in pages; their number bounds how many pages a look-up reads.
  static let leastRows = 16_384
  private static let rowsPerPage = 128

  /// There are 2^`bits` pages.
  let bits: Int
  let pages: [Data]

  /// - Parameter rows: hash and number of each row.
  init(_ rows: some Collection<(hash: UInt64, row: UInt32)>) {
    let wanted = max(1, rows.count / Self.rowsPerPage)
    bits = Int.bitWidth - wanted.leadingZeroBitCount - 1
    var ends = [Int](repeating: 0, count: 1 << bits)
    for entry in rows { ends[Self.page(of: entry.hash, bits: bits)] += 1 }
    var total = 0
    for page in ends.indices {
      (ends[page], total) = (total, total + ends[page])
    }
    let starts = ends
    var sorted = [UInt64](repeating: 0, count: rows.count)
    for entry in rows {
      let page = Self.page(of: entry.hash, bits: bits)
      sorted[ends[page]] = UInt64(entry.row) | entry.hash << 32
      ends[page] += 1
    }
    pages = sorted.withUnsafeBytes { bytes in
      zip(starts, ends).map { start, end in Data(bytes[start * 8..<end * 8]) }
    }
  }

  /// The page of a hash.
  static func page(of hash: UInt64, bits: Int) -> Int { bits == 0 ? 0 : Int(hash >> UInt64(64 - bits)) }

  /// The rows of a page that may have the hash, or nil when the page is none.
  static func rows(with hash: UInt64, in page: Data) -> [UInt32]? {
    guard page.count % 8 == 0 else { return nil }
    return page.withUnsafeBytes { bytes in
      var rows: [UInt32] = []
      for offset in stride(from: 0, to: bytes.count, by: 8) {
        let entry = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        if entry >> 32 == hash & 0xffff_ffff { rows.append(UInt32(truncatingIfNeeded: entry)) }
      }
      return rows
    }
  }
}
