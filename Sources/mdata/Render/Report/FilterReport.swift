import Records
import Workbench

/// `filter --html`: what was left out as a page, with how alike things are, and the closest of them side by side.
enum FilterReport {
  static func page(_ result: FilterResult, source: String) -> [UInt8] {
    var page = Markup()
    ReportFrame.begin("Filter of \(source)", &page)
    page.element("<h1>Filter of ", source, "</h1>\n")
    counts(result, &page)
    histogram(result.scores, &page)
    pairs(result, &page)
    ReportFrame.end(&page)
    return page.bytes
  }

  private static func counts(_ result: FilterResult, _ page: inout Markup) {
    page.raw("<table>\n")
    func row(_ name: String, _ count: Int, _ page: inout Markup) {
      page.element("<tr><th>", name, "</th><td class=\"n\">")
      page.count(count)
      page.raw("</td></tr>\n")
    }
    row(result.from == nil ? "rows" : "records", result.items, &page)
    row("left out", result.dropped, &page)
    for rule in result.rules { row("left out by \(rule.name)", rule.count, &page) }
    for flag in result.flags { row("flagged by \(flag.name)", flag.count, &page) }
    page.raw("</table>\n")
  }

  /// Coordinates are those of the drawing, 400 by 150.
  private static func histogram(_ scores: [Int], _ page: inout Markup) {
    guard let most = scores.max(), most > 0 else { return }
    page.raw(
      "<h2>ROUGE-L with the nearest</h2>\n<figure>\n<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" viewBox=\"0 0 400 150\" role=\"img\"><title>How many have which ROUGE-L with the nearest</title>\n<line class=\"axis\" stroke=\"#888\" x1=\"0\" x2=\"400\" y1=\"130\" y2=\"130\"/>\n"
    )
    let slot = 400 / Double(scores.count)
    for (bin, count) in scores.enumerated() where count > 0 {
      let tall = max(1, Double(count) / Double(most) * 120)
      page.raw("<rect class=\"bar-after\" fill=\"#0969da\" x=\"")
      page.place(Double(bin) * slot + 1)
      page.raw("\" y=\"")
      page.place(130 - tall)
      page.raw("\" width=\"")
      page.place(slot - 2)
      page.raw("\" height=\"")
      page.place(tall)
      let (from, to) = (Double(bin) / Double(scores.count), Double(bin + 1) / Double(scores.count))
      page.element("\"><title>", "\(from.fixed(2)) to \(to.fixed(2)): \(count.grouped)", "</title></rect>\n")
    }
    for tick in [0, 0.25, 0.5, 0.75, 1.0] {
      page.raw("<text font-size=\"11\" text-anchor=\"middle\" y=\"146\" x=\"")
      page.place(min(max(tick * 400, 12), 388))
      page.element("\">", tick.fixed(2), "</text>\n")
    }
    page.raw("</svg>\n</figure>\n")
  }

  private static func pairs(_ result: FilterResult, _ page: inout Markup) {
    let closest = result.examples.sorted { ($0.decision.score ?? 0) > ($1.decision.score ?? 0) }
    guard !closest.isEmpty else { return }
    page.raw("<h2>The closest</h2>\n")
    for example in closest {
      let decision = example.decision
      page.element("<article>\n<h3>", (decision.score ?? 0).fixed(3), "</h3>\n<dl>\n")
      entry("left out", decision.record ?? "row \(decision.row)", example.text, &page)
      let other = decision.nearest.map { $0.string ?? "row \($0.int ?? 0)" } ?? ""
      entry("like", other, example.nearest, &page)
      page.raw("</dl>\n</article>\n")
    }
  }

  private static func entry(_ what: String, _ name: String, _ text: String?, _ page: inout Markup) {
    page.element("<dt>", "\(what): \(name)", "</dt>\n")
    page.element("<dd dir=\"auto\">", text ?? "", "</dd>\n")
  }
}
