import History
import Objects
import Records

/// A file whose rows are looked up among the records of a version: by pair and columns, then by pair, then by
/// everything but the answer, as `commit --sync` does.
struct BlamedFile {
  let file: ImportRequest
  /// The lines that are asked for; nil for all.
  let wanted: ClosedRange<Int>?

  /// - Throws: ``Failure`` with the row's place when one is malformed.
  func finds(in workspace: Workspace, _ commit: Commit) throws -> BlameFinds {
    let rows = IncomingRows(
      session: workspace.session, source: try workspace.open(file),
      facts: try BatchFacts(file.provenance, workspace.session))
    var matching = try RecordMatching(workspace, commit)
    var finds = BlameFinds([])
    var open: [(position: Int, row: IncomingRows.Row)] = []
    _ = try rows.forEach { row in
      let place = try matching.takeEqual(row)
      if place == nil { open.append((finds.finds.count, row)) }
      finds.add(line: row.line, place)
    }
    for (position, row) in open {
      if let place = matching.takeSamePair(row) { finds.edit(position, place) }
    }
    if open.contains(where: { finds.isOpen($0.position) }) { try matching.indexTasks() }
    for (position, row) in open {
      if finds.isOpen(position), let place = try matching.takeSameTask(row) { finds.edit(position, place) }
      finds.keep(try Pair(canonical: Array(row.pair)).instruction, of: position)
    }
    if let wanted, !finds.finds.contains(where: { wanted.contains($0.line) }) {
      throw Failure(
        .missing, "`\(file.source)` has no row that begins on line \(wanted.lowerBound)",
        hint: "its last row begins on line \(finds.finds.last?.line ?? 0)")
    }
    finds.entries = matching.entries
    return finds
  }
}
