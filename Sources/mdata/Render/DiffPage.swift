import Records
import Workbench

/// `diff` as text: a line for an added or removed record, the changed words of an edited one.
struct DiffPage {
  let console: Console

  func add(_ change: RecordChange) {
    let width = console.output.width - change.record.count - 4
    let id = console.styled(change.record, .identifier)
    switch change.kind {
    case .added:
      console.line(console.styled("+", .added) + " \(id)  " + title(change.new, width))
    case .removed:
      console.line(console.styled("-", .removed) + " \(id)  " + title(change.old, width))
    case .edited:
      console.line(console.styled("~", .edited) + " \(id)  " + title(change.new, width))
      let fields = change.fields
      for field in fields { words(field) }
      if fields.isEmpty { console.line(console.styled("    the same content, from another edit", .faint)) }
    }
  }

  func end(_ result: DiffResult) {
    if result.leftOut > 0 { console.inform("… and \(result.leftOut.grouped) more") }
    if result.counts.isEmpty {
      console.inform("No differences")
    } else {
      console.line(console.counts(result.counts))
    }
  }

  /// The counts and distributions that were asked for, and the sum.
  func print(_ result: DiffResult, stat: Bool) {
    if let summary = result.summary { SummaryPage(console: console).print(summary) }
    if stat {
      if let groups = result.groups.first { self.groups(groups) } else { batches(result) }
    }
    var result = result
    result.leftOut = 0
    end(result)
  }

  private func batches(_ result: DiffResult) {
    for batch in result.batches {
      let name = batch.name.map { "  " + $0.escaped() } ?? ""
      console.line(console.styled(batch.batch, .identifier) + "  " + console.counts(batch.counts) + name)
    }
  }

  private func groups(_ groups: FacetCounts) {
    let values = groups.values
    let most = max(10, console.output.width / 2)
    let names = values.map { $0.value?.oneLine(width: most) }
    let width = names.reduce(6) { max($0, $1?.displayWidth ?? 0) }
    for (name, value) in zip(names, values) {
      let shown = (name ?? "(none)").padded(to: width)
      console.line(
        console.styled(shown, name == nil ? .faint : .identifier) + "  " + console.counts(value.counts))
    }
    if let others = groups.others {
      console.line(console.styled("(more)".padded(to: width), .faint) + "  " + console.counts(others))
    }
  }

  private func title(_ side: RecordSide?, _ width: Int) -> String {
    (side?.instruction ?? "").oneLine(width: max(20, width))
  }

  /// One field: `name: kept [-gone-] {+new+} kept`, long kept stretches shortened.
  func words(_ field: FieldChange) {
    var text = ""
    for piece in field.words {
      switch piece.kind {
      case .kept: text += shortened(piece.text.escaped())
      case .removed: text += console.styled("[-" + piece.text.escaped() + "-]", .removed)
      case .added: text += console.styled("{+" + piece.text.escaped() + "+}", .added)
      }
    }
    console.line("    \(console.styled(field.name.escaped() + ":", .faint)) \(text)")
  }

  private func shortened(_ text: String) -> String {
    // Bytes are counted faster, and there are never more characters.
    guard text.utf8.count > 80, text.count > 80 else { return text }
    return text.prefix(36) + console.styled(" … ", .faint) + text.suffix(36)
  }
}
