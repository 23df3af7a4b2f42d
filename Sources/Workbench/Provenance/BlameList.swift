import History
import Objects
import Records

/// Asks where the records behind a pair, a text or the rows of a file came from.
public struct BlameListRequest: Sendable {
  /// What is asked about.
  public enum What: Sendable {
    /// The pair with this id, or the only one whose id begins so.
    case pair(String)
    /// The words of this text, one after the other in one field.
    case text(String)
    /// The rows of a file that was checked out and may have been edited since; nil for all lines.
    case file(ImportRequest, lines: ClosedRange<Int>?)
  }

  /// What is asked about.
  public var what: What
  /// The version to look in.
  public var revision: String

  /// At most this many records are named for a text.
  static let mostHits = 1000

  /// A request.
  public init(_ what: What, revision: String = "HEAD") {
    self.what = what
    self.revision = revision
  }

  /// Streams the rows in the order of the file, or of the records.
  ///
  /// - Parameters:
  ///   - notice: gets what happened on the way.
  ///   - begin: gets what is known of all rows before the first.
  ///   - each: gets every row, in order.
  /// - Throws: ``Failure``, or what the closures throw.
  public func run(
    in session: Session, notice: (String) -> Void = { _ in },
    begin: (BlameListResult) throws -> Void = { _ in }, each: (BlameRow) throws -> Void
  ) throws -> BlameListResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let commit = try workspace.resolve(revision)
      let finds = try finds(in: workspace, commit, session, notice)
      var lines = try BlameLines(workspace, commit)
      var result = BlameListResult(commit: try workspace.summary(commit))
      let wanted: ClosedRange<Int>? = if case .file(_, let lines) = what { lines } else { nil }
      let places = finds.finds.indices.lazy.filter { wanted?.contains(finds.finds[$0].line) ?? true }
      for place in places {
        try result.count(finds.finds[place], finds.entry(of: finds.finds[place]), workspace)
      }
      try begin(result)
      for place in places {
        let find = finds.finds[place]
        try each(lines.row(find, finds.entry(of: find), task: finds.task(of: place)))
      }
      return result
    }
  }

  private func finds(
    in workspace: Workspace, _ commit: Commit, _ session: Session, _ notice: (String) -> Void
  ) throws -> BlameFinds {
    switch what {
    case .pair(let text):
      let (id, kind) = try workspace.object(text)
      guard kind == .pair else {
        throw Failure(
          .usage, "`\(text)` is a \(kind.rawValue), and blame asks about pairs and records",
          hint: "`mdata cat \(text)` prints it")
      }
      var found: [TreeEntry] = []
      var entries = workspace.tree(of: commit).entries()
      while let leaf = try entries.nextLeaf() { found += leaf.filter { $0.object == id } }
      return BlameFinds(found)
    case .text(let text):
      let records = try Self.records(with: text, in: workspace, session, revision, notice)
      return BlameFinds(try records.compactMap { try workspace.tree(of: commit).entry(for: $0) })
    case .file(let file, let wanted):
      do {
        return try BlamedFile(file: file, wanted: wanted).finds(in: workspace, commit)
      } catch let failure as Failure where failure.kind == .missing && wanted == nil {
        throw failure.hinting(
          "a record is written `3fa9c1e2:42`, a pair by at least four hex digits of its id")
      }
    }
  }

  private static func records(
    with text: String, in workspace: Workspace, _ session: Session, _ revision: String,
    _ notice: (String) -> Void
  ) throws -> [RecordID] {
    // Within double quotes words must follow each other; what stands between them does not count.
    let words = text.split { $0 == "\"" }.joined(separator: " ")
    let result = try SearchRequest("\"\(words)\"", revision: revision, limit: mostHits).run(
      in: session, notice: notice)
    return result.hits.flatMap(\.records).compactMap { RecordID($0) }.sorted()
  }
}

/// Rows whose records' origins are told one by one, in numbers.
public struct BlameListResult: Sendable {
  /// The version that was looked in.
  public var commit: CommitSummary
  /// How many rows there are.
  public var rows = 0
  /// How many were edited since.
  public var edited = 0
  /// How many the version has no record for.
  public var absent = 0
  /// The last line among them; 0 without a file.
  public var lastLine = 0
  /// Characters of the longest record id among them.
  public var longestRecord = 0
  /// The record, when there is one row and it has one.
  public var onlyRecord: String?

  fileprivate mutating func count(
    _ find: BlameFinds.Find, _ entry: TreeEntry?, _ workspace: Workspace
  ) throws {
    rows += 1
    if find.match == .edited { edited += 1 }
    if find.match == .absent { absent += 1 }
    lastLine = max(lastLine, find.line)
    guard let entry else { return }
    let batch = try workspace.short(entry.key.batch)
    longestRecord = max(longestRecord, batch.utf8.count + 1 + Self.digits(of: entry.key.row))
    onlyRecord = rows == 1 ? "\(batch):\(entry.key.row)" : nil
  }

  private static func digits(of number: UInt32) -> Int {
    var (rest, digits) = (number, 1)
    while rest > 9 { (rest, digits) = (rest / 10, digits + 1) }
    return digits
  }
}

/// One line of a list.
public struct BlameRow: Sendable {
  /// How a row of a file and a record belong together.
  public enum Match: String, Sendable {
    /// Pair and columns are the same.
    case same
    /// The row was edited since: its pair, its task or its columns are those of the record.
    case edited
    /// The version has no record for it.
    case absent
  }

  /// The line of the file, from 1.
  public var line: Int?
  /// How row and record belong together.
  public var match: Match
  /// The record.
  public var record: String?
  /// The commit that brought its present content.
  public var commit: CommitSummary?
  /// The batch that it came in.
  public var batch: BatchSummary?
  /// Where its present content came from.
  public var origin: OriginSummary?
  /// The task, as the file or the version has it.
  public var instruction: String
}
