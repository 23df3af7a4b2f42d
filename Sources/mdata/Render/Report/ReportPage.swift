import Records
import Workbench

/// `diff --html`: one page that needs no network, no script and no other file. What frames the changes.
struct ReportPage {
  /// What was asked for, in words; nil for all changes.
  let wanted: String?

  /// What the changes are counted by.
  static let facets: [Facet] = [.file, .teacher, .license, .column("topic")]

  func head(_ result: DiffResult, groups: some Sequence<FacetCounts>) -> [UInt8] {
    var page = Markup()
    ReportFrame.begin("mdata diff \(result.from.short) \(result.to.short)", &page)
    page.raw("<h1>What changed</h1>\n")
    versions(result, &page)
    counts(result, groups, &page)
    if let summary = result.summary, !summary.numbers.isEmpty {
      page.raw(
        "<h2>Changed records, before and after</h2>\n<p class=\"faint\">Removed records and edited ones as they were ("
      )
      page.raw("<span class=\"key-before\">■ before</span>), added records and edited ones as they are (")
      page.raw("<span class=\"key-after\">■ after</span>). Records that did not change are in neither.</p>\n")
      page.add(ReportChart.all(summary))
    }
    page.raw("<h2>Changes</h2>\n")
    return page.bytes
  }

  func foot(_ result: DiffResult) -> [UInt8] {
    var page = Markup()
    if result.counts.isEmpty { page.raw("<p>No differences.</p>\n") }
    if result.leftOut > 0 {
      page.raw("<p class=\"left-out\"><strong>")
      page.count(result.leftOut)
      page.raw(" more changed records are not on this page</strong>, which holds ")
      page.count(result.counts.total - result.leftOut)
      page.raw(". <code>--limit</code> sets how many.</p>\n")
    }
    ReportFrame.end(&page)
    return page.bytes
  }

  private func versions(_ result: DiffResult, _ page: inout Markup) {
    page.raw("<table>\n")
    for (name, version) in [("from", result.from), ("to", result.to)] {
      page.element("<tr><th>", name, "</th><td><code>")
      page.element("", version.short, "</code></td><td>")
      page.text(DisplayTime.local(version.time, offset: version.utcOffset))
      page.raw("</td><td class=\"n\">")
      page.text(version.records.of("record"))
      page.raw("</td><td dir=\"auto\">")
      page.line(version.message, width: 120)
      page.raw("</td></tr>\n")
    }
    page.raw("</table>\n")
    if let wanted {
      page.element("<p>Chosen: <strong>", wanted, "</strong>. What is not chosen is not counted.</p>\n")
    }
    page.raw("<p><strong class=\"added\">")
    page.count(result.counts.added)
    page.raw(" added</strong>, <strong class=\"edited\">")
    page.count(result.counts.edited)
    page.raw(" edited</strong>, <strong class=\"removed\">")
    page.count(result.counts.removed)
    page.raw(" removed</strong></p>\n")
  }

  private func counts(_ result: DiffResult, _ groups: some Sequence<FacetCounts>, _ page: inout Markup) {
    guard !result.counts.isEmpty else { return }
    page.raw("<h2>Changes by batch, file, teacher, licence and topic</h2>\n")
    var batches = result.batches.map { batch in
      ReportCounts.Row(name: batch.batch + (batch.name.map { "  " + $0 } ?? ""), counts: batch.counts)
    }
    let others = batches.dropFirst(ReportCounts.most)
    if !others.isEmpty {
      let sum = others.reduce(ChangeCounts()) { sum, row in sum.adding(row.counts) }
      batches = batches.prefix(ReportCounts.most) + [ReportCounts.Row(name: nil, counts: sum, isRest: true)]
    }
    ReportCounts(title: "batch", rows: batches).add(to: &page)
    for group in groups where group.isKnown { ReportCounts(group).add(to: &page) }
  }
}
