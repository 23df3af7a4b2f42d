public import Objects
public import Records

/// Writes a report: its reasons as they come, and at the end what names them.
public struct ReportWriter {
  private let pack: PackWriter
  private var waiting: [Reason] = []
  private var written: [ObjectID] = []
  private var count = 0

  /// - Parameter pack: where the objects go.
  public init(_ pack: PackWriter) { self.pack = pack }

  /// Adds a reason, whose record follows that of the one before.
  public mutating func append(_ reason: Reason) throws {
    waiting.append(reason)
    count += 1
    if waiting.count == Reasons.chunk { try flush() }
  }

  /// Writes the report and returns its id.
  public mutating func finish(verb: String, settings: JSONValue) throws -> ObjectID {
    try flush()
    let report = Report(verb: verb, settings: settings, count: count, reasons: written)
    return try pack.add(.report, report.canonicalBytes)
  }

  private mutating func flush() throws {
    guard !waiting.isEmpty else { return }
    written.append(try pack.add(.reasons, Reasons(waiting).canonicalBytes))
    waiting.removeAll(keepingCapacity: true)
  }
}
