import History
import Objects
import Records

/// Where scores come from, as something that can be asked about several versions: a file is read once, a query runs on each.
final class ScoreSource {
  /// The file that was read.
  let file: Batch.Source?
  private let made: ScoreQuery?
  private let notes: JSONValue?
  private var sheet: ScoreSheet?

  /// The query.
  var query: String? { made?.text }
  /// What was read last: the names of scores, and rows with and without any.
  var names: [String] { sheet?.names ?? [] }
  var rows: Int { sheet?.rows.count ?? 0 }
  var silentRows: Int { sheet?.silentRows ?? 0 }

  /// Reads a file.
  init(_ source: ScoreRequest.Source, _ workspace: Workspace) throws {
    switch source {
    case .file(let path, let name, let key, let columns):
      let source = try ImportSource(
        path, name: name, session: workspace.session, folder: workspace.repository.path + "/staging")
      sheet = try ScoreFile(
        source: source, key: key, columns: columns, threads: workspace.session.threads
      ).read()
      file = source.description()
      made = nil
      var members: [JSONMember] = []
      if let key { members.append(JSONMember("key", .string(key))) }
      if !columns.isEmpty {
        let sorted = columns.sorted { $0.key < $1.key }
        members.append(
          JSONMember("columns", .object(sorted.map { JSONMember($0.key, .string($0.value)) })))
      }
      notes = members.isEmpty ? nil : .object([JSONMember("score", .object(members))])
    case .query(let text, let timeLimit, let memoryLimit):
      guard timeLimit > 0 else { throw Failure(.usage, "`--time-limit \(timeLimit)` leaves no time") }
      file = nil
      made = ScoreQuery(text: text, timeLimit: timeLimit, memoryLimit: memoryLimit)
      notes = .object([JSONMember("score", .object([JSONMember("sql", .string(text))]))])
    }
  }

  /// What the scores make of a version.
  ///
  /// - Parameter writer: where edits go; nil to only look.
  func plan(of commit: Commit, in workspace: Workspace, writer: PackWriter?) throws -> ScorePlan {
    let sheet = try made?.run(on: commit, in: workspace) ?? sheet
    guard let sheet else { throw Failure(.internalError, "no scores were read") }
    self.sheet = sheet
    let file = file?.name
    return try ScorePlan(
      sheet, of: commit, in: workspace, writer: writer, source: self.file, notes: notes,
      place: { line in file.map { "\($0):\(line)" } ?? ScoreQuery.place(line) })
  }
}
