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
    case file(String, lines: ClosedRange<Int>?)
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

  /// - Throws: ``Failure``.
  public func run(in session: Session, notice: (String) -> Void = { _ in }) throws -> BlameListResult {
    try Failure.wrapping {
      let workspace = try Workspace(session)
      let commit = try workspace.resolve(revision)
      var lines = BlameLines(workspace, commit)
      switch what {
      case .pair(let text):
        let (id, kind) = try workspace.object(text)
        guard kind == .pair else {
          throw Failure(
            .usage, "`\(text)` is a \(kind.rawValue), and blame asks about pairs and records",
            hint: "`mdata cat \(text)` prints it")
        }
        for entry in try lines.entries(with: id) { try lines.add(entry, .same) }
      case .text(let text):
        for record in try Self.records(with: text, in: workspace, session, revision, notice) {
          guard let entry = try workspace.tree(of: commit).entry(for: record) else { continue }
          try lines.add(entry, .same)
        }
      case .file(let path, let wanted):
        do {
          try BlamedFile(path: path, wanted: wanted).read(into: &lines)
        } catch let failure as Failure where failure.kind == .missing && wanted == nil {
          throw failure.hinting(
            "a record is written `3fa9c1e2:42`, a pair by at least four hex digits of its id")
        }
      }
      return BlameListResult(commit: try workspace.summary(commit), rows: lines.rows)
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

/// Where records came from, one line each.
public struct BlameListResult: Sendable {
  /// The version that was looked in.
  public var commit: CommitSummary
  /// In the order of the file, or of the records.
  public var rows: [BlameRow]
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
