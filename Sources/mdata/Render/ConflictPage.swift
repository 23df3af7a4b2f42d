import Records
import Workbench

/// Conflicts as text: what the record was, and what each side made of it, with where that came from.
struct ConflictPage {
  let console: Console

  /// A line for each.
  func list(_ result: ConflictsResult) {
    for conflict in result.conflicts {
      let choice = conflict.choice.map { console.styled("  decided: \($0)", .added) } ?? ""
      let other = conflict.other.map { " and " + console.styled($0, .identifier) } ?? ""
      console.line(
        console.styled(conflict.record, .identifier) + other + "  \(conflict.outcome.rawValue)"
          + fields(conflict) + choice)
      console.line("    " + title(conflict).oneLine(width: max(20, console.output.width - 4)))
    }
    let open = result.open.count
    console.inform(
      open == 0
        ? "All are decided. Next: `mdata merge --continue`"
        : "\(open.grouped) of \(result.conflicts.count.of("conflict")) open. Next: `mdata resolve`")
  }

  /// One in full.
  func show(_ conflict: ConflictDetails) {
    let other = conflict.other.map { " and " + console.styled($0, .identifier) } ?? ""
    console.line(
      console.styled(conflict.record, .identifier) + other + "  \(conflict.outcome.rawValue)"
        + fields(conflict))
    switch conflict.outcome {
    case .sameTask: twoAnswers(conflict)
    case .editDelete: editAndRemoval(conflict)
    default: twoEdits(conflict)
    }
  }

  private func twoEdits(_ conflict: ConflictDetails) {
    for (name, side) in [("ours", conflict.ours), ("theirs", conflict.theirs)] {
      guard let side else { continue }
      heading(name, side)
      guard let base = conflict.base else {
        content(side.content)
        continue
      }
      for field in RecordChange.fields(from: base.content, to: side.content) { words(field) }
    }
  }

  private func editAndRemoval(_ conflict: ConflictDetails) {
    for (name, side) in [("ours", conflict.ours), ("theirs", conflict.theirs)] {
      guard let side else {
        console.line("  " + console.styled(name + ":", .heading) + " " + console.styled("removed", .removed))
        continue
      }
      heading(name, side)
      guard let base = conflict.base else {
        content(side.content)
        continue
      }
      for field in RecordChange.fields(from: base.content, to: side.content) { words(field) }
    }
  }

  private func twoAnswers(_ conflict: ConflictDetails) {
    for (name, side) in [("ours", conflict.ours), ("theirs", conflict.theirs)] {
      guard let side else { continue }
      heading(name, side)
      content(side.content)
    }
  }

  /// Whose it is, and where it came from.
  private func heading(_ name: String, _ side: ConflictSide) {
    var known: [String] = []
    if let commit = side.commit { known.append("in \(commit)") }
    if let teacher = side.origin.teacher { known.append("by \(teacher)") }
    if let file = side.origin.file {
      known.append("from \(file)" + (side.origin.line.map { ", line \($0.grouped)" } ?? ""))
    }
    for (name, score) in side.origin.scores {
      known.append("\(name) = \(String(decoding: CanonicalJSON.encode(.number(score)), as: UTF8.self))")
    }
    console.line(
      "  " + console.styled(name + ":", .heading) + " "
        + console.styled(known.joined(separator: "; ").escaped(), .faint))
  }

  private func content(_ side: RecordSide) {
    for (name, value) in side.fields + side.columns {
      let text = value.string ?? String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
      console.line("    " + console.styled(name.escaped() + ":", .faint) + " " + text.escaped())
    }
  }

  private func words(_ field: FieldChange) { DiffPage(console: console).words(field) }

  private func fields(_ conflict: ConflictDetails) -> String {
    conflict.fields.isEmpty ? "" : " in " + conflict.fields.joined(separator: ", ").escaped()
  }

  private func title(_ conflict: ConflictDetails) -> String {
    (conflict.ours ?? conflict.theirs)?.content.instruction ?? ""
  }
}

extension ConflictsResult {
  /// - Parameter verb: whose document it is.
  func json(of verb: String) -> JSONValue {
    .document(
      verb,
      [
        JSONMember("name", .string(name)), JSONMember("theirs", .string(theirs)),
        JSONMember("open", .int(open.count)), JSONMember("conflicts", .array(conflicts.map(\.json))),
      ])
  }
}

extension ConflictDetails {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("record", .string(record)), JSONMember("other", .optional(other)),
      JSONMember("kind", .string(outcome.rawValue)), JSONMember("fields", .strings(fields)),
      JSONMember("base", base?.json ?? .null), JSONMember("ours", ours?.json ?? .null),
      JSONMember("theirs", theirs?.json ?? .null), JSONMember("choice", .optional(choice)),
    ])
  }
}

extension ConflictSide {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("row", (try? JSON.parse(content.rowJSON)) ?? .null),
      JSONMember("pair", .string(content.pairID)),
      JSONMember("origin", origin.json), JSONMember("commit", .optional(commit)),
    ])
  }
}
