import Records
import Workbench

/// A table of a report: changes by value, each with a bar.
struct ReportCounts {
  struct Row {
    /// Nil where nothing is known, and for the rest.
    var name: String?
    var counts: ChangeCounts
    /// Whether it stands for all values that have no row.
    var isRest = false
  }

  let title: String
  let rows: [Row]

  /// Rows of a table.
  static let most = 12
  /// Columns of a bar for the greatest row.
  private static let width = 240.0

  init(title: String, rows: [Row]) {
    self.title = title
    self.rows = rows
  }

  init(_ group: FacetCounts) {
    title = group.facet.name
    let values = group.values
    var rows = values.prefix(Self.most).map { Row(name: $0.value, counts: $0.counts) }
    let rest = values.dropFirst(Self.most).reduce(group.others ?? ChangeCounts()) { $0.adding($1.counts) }
    if !rest.isEmpty { rows.append(Row(name: nil, counts: rest, isRest: true)) }
    self.rows = rows
  }

  func add(to page: inout Markup) {
    let most = rows.map(\.counts.total).max() ?? 0
    page.element("<h3>By ", title, "</h3>\n<table>\n<tr><th></th><th class=\"n\">added</th>")
    page.raw("<th class=\"n\">edited</th><th class=\"n\">removed</th><th></th></tr>\n")
    for row in rows {
      page.raw("<tr><td dir=\"auto\">")
      if let name = row.name {
        page.line(name, width: 80)
      } else {
        page.element("<span class=\"faint\">", row.isRest ? "all others" : "none stated", "</span>")
      }
      for count in [row.counts.added, row.counts.edited, row.counts.removed] {
        page.raw("</td><td class=\"n\">")
        page.count(count)
      }
      page.raw("</td><td>")
      bar(row.counts, most, &page)
      page.raw("</td></tr>\n")
    }
    page.raw("</table>\n")
  }

  private func bar(_ counts: ChangeCounts, _ most: Int, _ page: inout Markup) {
    page.raw(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"240\" height=\"18\" viewBox=\"0 0 240 18\" role=\"img\"><title>"
    )
    page.text(
      "\(counts.added.grouped) added, \(counts.edited.grouped) edited, \(counts.removed.grouped) removed")
    page.raw("</title>")
    var x = 0.0
    let parts: [(count: Int, start: StaticString)] = [
      (counts.added, "<rect class=\"bar-added\" fill=\"#116329\" y=\"3\" height=\"12\" x=\""),
      (counts.edited, "<rect class=\"bar-edited\" fill=\"#7d4e00\" y=\"3\" height=\"12\" x=\""),
      (counts.removed, "<rect class=\"bar-removed\" fill=\"#a40e26\" y=\"3\" height=\"12\" x=\""),
    ]
    for (count, start) in parts where count > 0 && most > 0 {
      let width = max(1, Double(count) / Double(most) * (Self.width - 3))
      page.raw(start)
      page.place(x)
      page.raw("\" width=\"")
      page.place(width)
      page.raw("\"/>")
      x += width
    }
    page.raw("</svg>")
  }
}

extension ChangeCounts {
  func adding(_ other: ChangeCounts) -> ChangeCounts {
    ChangeCounts(
      added: added + other.added, edited: edited + other.edited, removed: removed + other.removed)
  }
}

extension FacetCounts {
  /// Whether any value is known: a facet that no record has gets no table.
  var isKnown: Bool { others != nil || values.contains { $0.value != nil } }
}
