import Records
import Workbench

/// `runs show --html` and `runs compare --html`: trainings as a page.
enum RunReport {
  static func page(_ details: RunDetails) -> [UInt8] {
    var page = Markup()
    let name = details.run.map { "Run \($0.short)" } ?? "Training in \(details.folder?.path ?? "a folder")"
    ReportFrame.begin(name, &page)
    page.element("<h1>", name, "</h1>\n")
    facts(RunFacts.all(details), &page)
    if let curve = details.curve { drawings({ $0.curves(curve) }, &page) }
    if let run = details.run {
      page.raw("<h2>Settings</h2>\n")
      facts(run.configuration.map { ($0.name, $0.value.short) }, &page)
      page.raw("<h2>Records it saw</h2>\n")
      facts(run.seen.map { ($0.batch, RunFacts.rows($0.rows)) }, &page)
    }
    ReportFrame.end(&page)
    return page.bytes
  }

  static func page(_ comparison: RunComparison) -> [UInt8] {
    var page = Markup()
    let names = RunNames(comparison.runs)
    ReportFrame.begin("Runs \(names.letters.joined(separator: ", ")) compared", &page)
    page.raw("<h1>Runs compared</h1>\n")
    facts(
      zip(names.letters, comparison.runs).map { ($0, RunFacts.line($1)) }, &page)
    drawings(
      { measure in
        zip(comparison.runs, names.legends).enumerated().compactMap { number, run in
          run.0.curve.map { measure.curve($0, named: run.1, number: number) }
        }
      }, &page)
    settings(comparison, names, &page)
    versions(comparison, &page)
    losses(comparison, names, &page)
    ReportFrame.end(&page)
    return page.bytes
  }

  private static func facts(_ facts: [(name: String, value: String)], _ page: inout Markup) {
    page.raw("<table>\n")
    for (name, value) in facts {
      page.element("<tr><th>", name, "</th><td dir=\"auto\">")
      page.line(value, width: 400)
      page.raw("</td></tr>\n")
    }
    page.raw("</table>\n")
  }

  private static func drawings(_ curves: (RunMeasure) -> [PlottedCurve], _ page: inout Markup) {
    for measure in RunMeasure.allCases {
      guard let drawing = CurveDrawing(curves(measure), measure: measure.rawValue) else { continue }
      page.element("<figure>\n<figcaption>", measure.title, "</figcaption>\n")
      drawing.add(to: &page)
      page.raw("</figure>\n")
    }
  }

  private static func header(_ first: String, _ names: [String], _ page: inout Markup) {
    page.element("<table>\n<tr><th>", first, "</th>")
    for name in names { page.element("<th class=\"n\">", name, "</th>") }
    page.raw("</tr>\n")
  }

  private static func settings(
    _ comparison: RunComparison, _ names: RunNames, _ page: inout Markup
  ) {
    page.raw("<h2>Settings that differ</h2>\n")
    if comparison.settings.isEmpty { return page.raw("<p>None.</p>\n") }
    header("", names.letters, &page)
    for setting in comparison.settings {
      page.element("<tr><th>", setting.name, "</th>")
      for value in setting.values {
        page.raw("<td class=\"n\">")
        page.line(value?.short ?? "–", width: 60)
        page.raw("</td>")
      }
      page.raw("</tr>\n")
    }
    page.raw("</table>\n")
  }

  private static func versions(_ comparison: RunComparison, _ page: inout Markup) {
    for version in comparison.versions {
      page.raw("<p>From <code>")
      page.element("", version.from.short, "</code> to <code>")
      page.element("", version.to.short, "</code>: <strong class=\"added\">")
      page.count(version.counts.added)
      page.raw(" added</strong>, <strong class=\"edited\">")
      page.count(version.counts.edited)
      page.raw(" edited</strong>, <strong class=\"removed\">")
      page.count(version.counts.removed)
      page.raw(" removed</strong></p>\n")
    }
  }

  private static func losses(_ comparison: RunComparison, _ names: RunNames, _ page: inout Markup) {
    guard !comparison.losses.isEmpty else { return }
    page.raw("<h2>Losses at the same steps</h2>\n")
    header("step", names.lettersWithCurve, &page)
    for row in comparison.losses {
      page.element("<tr><td class=\"n\">", row.step.grouped, "</td>")
      for value in row.values { page.element("<td class=\"n\">", value.fixed(4), "</td>") }
      page.raw("</tr>\n")
    }
    page.raw("</table>\n")
  }
}
