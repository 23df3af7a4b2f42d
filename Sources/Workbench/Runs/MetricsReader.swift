import Glibc
import Objects
import Records

/// Reads `metrics.jsonl` line by line, whatever its length, and hashes it on the way.
struct MetricsReader {
  /// The name of the file in a run's folder.
  static let fileName = "metrics.jsonl"
  /// More steps than this are refused: they would take a quarter of a gigabyte.
  private static let mostSteps = 1 << 21

  private let path: String
  /// As the user wrote it.
  private let name: String

  /// - Parameters:
  ///   - path: of the file.
  ///   - name: how messages call it.
  init(_ path: String, named name: String) {
    self.path = path
    self.name = name
  }

  /// The steps of a file, and SHA-256 over its bytes; nil when there is none.
  ///
  /// A last line without an end that is no whole line either is left out: somebody is writing it, or was stopped.
  ///
  /// - Throws: ``Failure`` with file and line where one is malformed.
  func read() throws -> (curve: RunCurve, digest: ContentDigest)? {
    guard try isThere() else { return nil }
    let file = try InputFile(path)
    let hasher = SHA256()
    hasher.begin()
    var (curve, line, number) = (RunCurve(), [UInt8](), 0)
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
      if count == 0 { break }
      buffer.withUnsafeBytes { hasher.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
      var rest = buffer[..<count]
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        number += 1
        line += rest[..<end]
        try add(line, number, to: &curve)
        line.removeAll(keepingCapacity: true)
        rest = rest[(end + 1)...]
      }
      line += rest
      if line.count > MetricsLine.longest { throw tooLong(number + 1) }
    }
    curve.isTorn = !line.isEmpty && !MetricsLine.isWhole(line)
    if !line.isEmpty, !curve.isTorn { try add(line, number + 1, to: &curve) }
    return (curve, ContentDigest(hasher.finish()))
  }

  private func add(_ line: [UInt8], _ number: Int, to curve: inout RunCurve) throws {
    if line.count > MetricsLine.longest { throw tooLong(number) }
    do {
      guard let entry = try MetricsLine.read(line) else { return }
      curve.add(entry)
    } catch {
      throw failure(number, error.reason)
    }
    if curve.points.count + curve.heldOut.count > Self.mostSteps {
      throw failure(number, "more than \(Self.mostSteps) steps")
    }
  }

  private func tooLong(_ number: Int) -> Failure {
    failure(number, "the line is longer than \(MetricsLine.longest) bytes")
  }

  private func failure(_ line: Int, _ reason: String) -> Failure {
    Failure(
      .data, "\(name):\(line): \(reason)", hint: "`mdata train` writes one object a line, one line a step")
  }

  /// Whether there is a file. A pipe would make the verb wait for ever.
  private func isThere() throws -> Bool {
    var found = stat()
    guard stat(path, &found) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return false }
      throw Failure(.io, "cannot read `\(name)`: \(String(cString: strerror(errno)))")
    }
    guard found.st_mode & S_IFMT == S_IFREG else {
      throw Failure(.data, "`\(name)` is not a file")
    }
    return true
  }
}
