import Workbench

/// The distributions of a diff as bar charts: drawings in the page itself.
enum ReportChart {
  private static let mostValues = 12
  private static let width = 400.0
  private static let height = 150.0

  static func all(_ summary: DiffSummary) -> Markup {
    var page = Markup()
    page.raw("<div class=\"charts\">\n")
    for numbers in summary.numbers { histogram(numbers, &page) }
    for values in summary.values { bars(values, &page) }
    page.raw("</div>\n")
    return page
  }

  private static func begin(_ title: String, height: Double, _ page: inout Markup) {
    page.element("<figure>\n<figcaption>", title, "</figcaption>\n")
    page.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"400\" viewBox=\"0 0 400 ")
    page.place(height)
    page.element("\" role=\"img\"><title>", title + ": before and after", "</title>\n")
  }

  private static func histogram(_ numbers: DiffSummary.Numbers, _ page: inout Markup) {
    let bins = numbers.bins
    let (before, after) = (numbers.before.counts(in: bins), numbers.after.counts(in: bins))
    let most = max(1, (before + after).max() ?? 1)
    let (slot, base) = (width / Double(max(1, bins.count)), height - 20)
    begin(numbers.name + ", " + numbers.unit.rawValue, height: height, &page)
    page.raw("<line class=\"axis\" stroke=\"#888\" x1=\"0\" x2=\"400\" y1=\"130\" y2=\"130\"/>\n")
    for (index, bin) in bins.enumerated() {
      let left = Double(index) * slot
      let label = bin.label(numbers.unit, dash: "–")
      column(
        "<rect class=\"bar-before\" fill=\"#b35900\" x=\"", before[index], most, left + slot * 0.08,
        slot * 0.4, base, label,
        &page)
      column(
        "<rect class=\"bar-after\" fill=\"#0969da\" x=\"", after[index], most, left + slot * 0.52, slot * 0.4,
        base, label,
        &page)
      page.raw("<text font-size=\"11\" y=\"146\" x=\"")
      // A single number stands under its bars, the border of a stretch where that begins.
      if bin.from == bin.to {
        page.place(left + slot / 2)
        page.raw("\" text-anchor=\"middle\">")
      } else {
        page.place(left)
        page.raw("\">")
      }
      page.element("", bin.from.short, "</text>\n")
    }
    page.raw("</svg>\n")
    quantiles(numbers, &page)
    page.raw("</figure>\n")
  }

  private static func column(
    _ start: StaticString, _ count: Int, _ most: Int, _ x: Double, _ width: Double, _ base: Double,
    _ label: String,
    _ page: inout Markup
  ) {
    guard count > 0 else { return }
    let tall = max(1, Double(count) / Double(most) * (base - 10))
    page.raw(start)
    page.place(x)
    page.raw("\" y=\"")
    page.place(base - tall)
    page.raw("\" width=\"")
    page.place(width)
    page.raw("\" height=\"")
    page.place(tall)
    page.element("\"><title>", "\(label): \(count.grouped)", "</title></rect>\n")
  }

  private static func quantiles(_ numbers: DiffSummary.Numbers, _ page: inout Markup) {
    page.raw("<table>\n<tr><th></th>")
    for name in ["records", "mean", "min", "25 %", "median", "75 %", "95 %", "max"] {
      page.element("<th class=\"n\">", name, "</th>")
    }
    page.raw("</tr>\n")
    for (name, side) in [("before", numbers.before), ("after", numbers.after)] {
      page.element("<tr><td>", name, "</td>")
      for value in SummaryPage.values(side) { page.element("<td class=\"n\">", value, "</td>") }
      page.raw("</tr>\n")
    }
    page.raw("</table>\n")
  }

  private static func bars(_ values: DiffSummary.Values, _ page: inout Markup) {
    let (most, others) = values.most(mostValues)
    var rows = most.map {
      (name: $0.value ?? "none stated", before: $0.counts.before, after: $0.counts.after)
    }
    if let others { rows.append(("all others", others.before, others.after)) }
    let greatest = max(1, rows.map { max($0.before, $0.after) }.max() ?? 1)
    begin(values.name, height: Double(rows.count) * 28 + 4, &page)
    for (index, row) in rows.enumerated() {
      let top = Double(index) * 28 + 2
      page.raw("<text font-size=\"11\" x=\"0\" y=\"")
      page.place(top + 15)
      page.raw("\">")
      page.line(row.name, width: 24)
      page.element("<title>", row.name, "</title></text>\n")
      line(
        "<rect class=\"bar-before\" fill=\"#b35900\" x=\"165\" height=\"10\" y=\"", row.before, greatest, top,
        &page)
      line(
        "<rect class=\"bar-after\" fill=\"#0969da\" x=\"165\" height=\"10\" y=\"", row.after, greatest,
        top + 11, &page)
    }
    page.raw("</svg>\n</figure>\n")
  }

  private static func line(
    _ start: StaticString, _ count: Int, _ most: Int, _ top: Double, _ page: inout Markup
  ) {
    let width = count == 0 ? 0 : max(1, Double(count) / Double(most) * 175)
    page.raw(start)
    page.place(top)
    page.raw("\" width=\"")
    page.place(width)
    page.raw("\"/><text font-size=\"11\" y=\"")
    page.place(top + 9)
    page.raw("\" x=\"")
    page.place(170 + width)
    page.element("\">", count.grouped, "</text>\n")
  }
}

extension Double {
  /// `1,000` as `1k` and a million as `1M`, where there is little room.
  fileprivate var short: String {
    if magnitude >= 1e6, magnitude < 1e12 { return (self / 1e6).brief + "M" }
    return magnitude >= 1e3 && magnitude < 1e6 ? (self / 1e3).brief + "k" : brief
  }
}
