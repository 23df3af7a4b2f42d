import History
import Objects
import Records

/// A file whose rows are looked up among the records of a version: by pair and columns, then by pair, then by
/// everything but the answer, as `commit --sync` does.
struct BlamedFile {
  let path: String
  /// The lines that are asked for; nil for all.
  let wanted: ClosedRange<Int>?

  private struct Found {
    let line: Int
    let task: String
    var entry: TreeEntry?
    var match: BlameRow.Match
  }

  /// - Throws: ``Failure`` with the row's place when one is malformed.
  func read(into lines: inout BlameLines) throws {
    let workspace = lines.workspace
    let request = ImportRequest(source: path)
    let rows = IncomingRows(
      session: workspace.session, source: try workspace.open(request),
      facts: try BatchFacts(request.provenance, workspace.session))
    var matching = try RecordMatching(workspace, lines.commit)
    var found: [Found] = []
    var open: [(place: Int, row: IncomingRows.Row)] = []
    var last = 0
    _ = try rows.forEach { row in
      last = row.line
      let entry = try matching.takeEqual(row)
      if entry == nil { open.append((found.count, row)) }
      let isWanted = wanted?.contains(last) ?? true
      let task = isWanted ? try Pair(canonical: Array(row.pair)).instruction : ""
      found.append(Found(line: last, task: task, entry: entry, match: entry == nil ? .absent : .same))
    }
    for (place, row) in open {
      guard let entry = matching.takeSamePair(row) else { continue }
      (found[place].entry, found[place].match) = (entry, .edited)
    }
    if open.contains(where: { found[$0.place].entry == nil }) { try matching.indexTasks() }
    for (place, row) in open where found[place].entry == nil {
      guard let entry = try matching.takeSameTask(row) else { continue }
      (found[place].entry, found[place].match) = (entry, .edited)
    }
    let chosen = found.filter { wanted?.contains($0.line) ?? true }
    if let wanted, chosen.isEmpty {
      throw Failure(
        .missing, "`\(path)` has no row that begins on line \(wanted.lowerBound)",
        hint: "its last row begins on line \(last)")
    }
    for row in chosen {
      if let entry = row.entry {
        try lines.add(entry, row.match, line: row.line, task: row.task)
      } else {
        lines.add(line: row.line, absent: row.task)
      }
    }
  }
}
