import Objects
import Records

/// A patch as it is read, line by line: plain or compressed, a file or standard input.
final class PatchFile {
  let name: String
  private let source: DecompressingSource
  private var buffer: [UInt8] = []
  private var start = 0
  private var isAtEnd = false
  /// The line that was read last, from 1.
  private(set) var line = 0

  /// Longer lines are refused: two rows and what is around them.
  private static let longest = 2 * JSONLimits.row.textBytes + 4096

  /// - Throws: ``Failure`` when it cannot be opened.
  init(_ path: String, _ session: Session) throws {
    let file =
      path == "-"
      ? InputFile(descriptor: session.standardInput, named: "standard input")
      : try InputFile(session.path(path))
    name = path == "-" ? "standard input" : Session.baseName(path)
    source = try DecompressingSource(name: name, reading: file.read)
  }

  /// Passes every record of the patch to `each`, with the facts of the batch its new content came in.
  ///
  /// - Returns: the versions the patch leads from and to.
  /// - Throws: ``Failure`` with the line when one is malformed, and when the patch has no end.
  func forEach(
    _ each: (PatchLine.Record, PatchLine.Facts?) throws -> Void
  ) throws -> (from: String, to: String) {
    var header: (from: String, to: String)?
    var facts: [BatchPrefix: PatchLine.Facts] = [:]
    var counts = ChangeCounts()
    var last: RecordID?
    var isEnded = false
    while let bytes = try nextLine() {
      guard !isEnded else { throw failure("the patch goes on after its end") }
      switch try parsed(bytes) {
      case .header(let from, let to):
        guard header == nil else { throw failure("there is a second header") }
        header = (from, to)
      case .batch(let batch): facts[batch.batch] = batch
      case .record(let record):
        if let last, record.record <= last { throw failure("the records of a patch ascend") }
        last = record.record
        switch (record.old, record.new) {
        case (nil, _): counts.added += 1
        case (_, nil): counts.removed += 1
        default: counts.edited += 1
        }
        try each(record, record.batch.flatMap { facts[$0] })
      case .end(let said):
        guard said == counts else { throw failure("it does not count the records of the patch") }
        isEnded = true
      }
      if header == nil { throw failure("this is not a patch: its first line is no header") }
    }
    guard let header else { throw failure("this is not a patch: it is empty") }
    guard isEnded else { throw failure("the patch was cut off: its last line is missing") }
    return header
  }

  private func parsed(_ bytes: [UInt8]) throws -> PatchLine {
    do {
      return try PatchLine(parsing: bytes)
    } catch {
      throw failure("\(error)")
    }
  }

  func failure(_ reason: String) -> Failure {
    Failure(
      .data, "\(name):\(max(1, line)): \(reason)", hint: "write a patch with `mdata diff A B --patch`")
  }

  private func nextLine() throws -> [UInt8]? {
    var searched = start
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        line += 1
        defer { start = end + 1 }
        return Array(buffer[start..<end])
      }
      guard buffer.count - start <= Self.longest else {
        line += 1
        throw failure("the line is longer than \(Self.longest) bytes")
      }
      if isAtEnd {
        guard start < buffer.count else { return nil }
        line += 1
        defer { start = buffer.count }
        return Array(buffer[start...])
      }
      buffer.removeFirst(start)
      start = 0
      searched = buffer.count
      let room = 1 << 16
      buffer.append(contentsOf: repeatElement(0, count: room))
      let count = try buffer.withUnsafeMutableBytes { bytes in
        try source.read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[searched...]))
      }
      buffer.removeLast(room - count)
      isAtEnd = count == 0
    }
  }
}
