import Records
import Workbench

/// One change of a report, with the words of an edit marked.
enum ReportChange {
  /// Characters of a changed text that are shown, and of one that both sides have.
  private static let mostChanged = 4_000
  private static let mostKept = 240

  static func bytes(_ change: RecordChange) -> [UInt8] {
    var page = Markup()
    switch change.kind {
    case .added: page.raw("<article><h3><span class=\"added\">+ added</span> <code>")
    case .removed: page.raw("<article><h3><span class=\"removed\">- removed</span> <code>")
    case .edited: page.raw("<article><h3><span class=\"edited\">~ edited</span> <code>")
    }
    page.element("", change.record, "</code></h3>\n<dl>\n")
    switch change.kind {
    case .added: if let side = change.new { row(side, "<ins>", "</ins>", &page) }
    case .removed: if let side = change.old { row(side, "<del>", "</del>", &page) }
    case .edited: edit(change, &page)
    }
    page.raw("</dl></article>\n")
    return page.bytes
  }

  private static func row(
    _ side: RecordSide, _ start: StaticString, _ end: StaticString, _ page: inout Markup
  ) {
    for (name, value) in side.fields + side.columns {
      let text = value.string ?? String(decoding: CanonicalJSON.encode(value), as: UTF8.self)
      page.element("<dt>", name, "</dt><dd dir=\"auto\">")
      page.raw(start)
      beginning(text, &page)
      page.raw(end)
      page.raw("</dd>\n")
    }
  }

  private static func edit(_ change: RecordChange, _ page: inout Markup) {
    let fields = change.fields
    if !fields.contains(where: { $0.name == "instruction" }), let side = change.new {
      page.raw("<dt>instruction</dt><dd dir=\"auto\">")
      page.line(side.instruction, width: mostKept)
      page.raw("</dd>\n")
    }
    if fields.isEmpty { page.raw("<dt>the same content, from another edit</dt><dd></dd>\n") }
    for field in fields {
      page.element("<dt>", field.name, "</dt><dd dir=\"auto\">")
      for piece in field.words {
        switch piece.kind {
        case .kept: ends(piece.text, &page)
        case .removed:
          page.raw("<del>")
          beginning(piece.text, &page)
          page.raw("</del>")
        case .added:
          page.raw("<ins>")
          beginning(piece.text, &page)
          page.raw("</ins>")
        }
      }
      page.raw("</dd>\n")
    }
  }

  /// A text, or the beginning of a long one and how much is missing.
  private static func beginning(_ text: String, _ page: inout Markup) {
    // Bytes are counted faster, and there are never more characters.
    guard text.utf8.count > mostChanged, text.count > mostChanged else { return page.text(text) }
    page.text(String(text.prefix(mostChanged)))
    page.raw("<span class=\"faint\"> … ")
    page.count(text.count - mostChanged)
    page.raw(" more characters</span>")
  }

  /// A text, or both ends of a long one.
  private static func ends(_ text: String, _ page: inout Markup) {
    guard text.utf8.count > mostKept, text.count > mostKept else { return page.text(text) }
    page.text(String(text.prefix(mostKept / 2)))
    page.raw("<span class=\"faint\"> … </span>")
    page.text(String(text.suffix(mostKept / 2)))
  }
}
