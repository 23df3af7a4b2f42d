/// Curves as a drawing in SVG 1.1: in a page, or as a file of its own.
///
/// Coordinates are those of the drawing, 720 by 300. Where a curve has more steps than the drawing has columns, the line
/// is the mean of neighbouring steps, and the area around it reaches from the least of them to the greatest.
struct CurveDrawing {
  private let plotted: PlottedCurves
  private let measure: String

  private static let (left, right, top, bottom) = (70.0, 705.0, 14.0, 262.0)
  /// Columns in which a curve is drawn.
  private static let columns = 635

  /// Nil when there is nothing to draw.
  init?(_ curves: [PlottedCurve], measure: String) {
    guard let plotted = PlottedCurves(curves, columns: 8, rows: 6) else { return nil }
    self.plotted = plotted
    self.measure = measure
  }

  /// A file of its own: dark on white, whatever looks at it.
  var file: [UInt8] {
    var page = Markup()
    page.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    add(to: &page, isFile: true)
    return page.bytes
  }

  func add(to page: inout Markup, isFile: Bool = false) {
    let tall = 300 + (plotted.curves.count > 1 ? Double(plotted.curves.count) * 18 : 0)
    page.raw("<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"720\" height=\"")
    page.place(tall)
    page.raw("\" viewBox=\"0 0 720 ")
    page.place(tall)
    page.element("\" role=\"img\" font-family=\"sans-serif\"><title>", measure + " by step", "</title>\n")
    if isFile { page.raw("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n") }
    axes(&page)
    for curve in plotted.curves.reversed() { draw(curve, &page) }
    if plotted.curves.count > 1 { legend(&page) }
    page.raw("</svg>\n")
  }

  private func x(_ step: Double) -> Double {
    Self.left + plotted.steps.place(step) * (Self.right - Self.left)
  }

  private func y(_ value: Double) -> Double {
    Self.bottom - plotted.values.place(value) * (Self.bottom - Self.top)
  }

  private func axes(_ page: inout Markup) {
    for tick in plotted.values.ticks {
      page.raw("<line class=\"axis\" stroke=\"#d0d7de\" x1=\"70\" x2=\"705\" y1=\"")
      page.place(y(tick))
      page.raw("\" y2=\"")
      page.place(y(tick))
      page.raw("\"/><text font-size=\"11\" text-anchor=\"end\" x=\"64\" y=\"")
      page.place(y(tick) + 4)
      page.element("\">", plotted.values.label(tick), "</text>\n")
    }
    for tick in plotted.steps.ticks {
      page.raw("<line class=\"axis\" stroke=\"#d0d7de\" y1=\"262\" y2=\"267\" x1=\"")
      page.place(x(tick))
      page.raw("\" x2=\"")
      page.place(x(tick))
      page.raw("\"/><text font-size=\"11\" text-anchor=\"middle\" y=\"280\" x=\"")
      page.place(x(tick))
      page.element("\">", plotted.steps.label(tick), "</text>\n")
    }
    page.raw("<text font-size=\"11\" text-anchor=\"middle\" x=\"387\" y=\"295\">step</text>\n")
    page.raw(
      "<text font-size=\"11\" text-anchor=\"middle\" transform=\"rotate(-90 14 138)\" x=\"14\" y=\"138\">")
    page.element("", measure, "</text>\n")
  }

  private func draw(_ curve: PlottedCurve, _ page: inout Markup) {
    let stretches = curve.stretches(Self.columns, over: plotted.steps)
    if stretches.contains(where: { $0.least < $0.greatest }) {
      page.raw("<polygon fill-opacity=\"0.18\" stroke=\"none\" fill=\"")
      page.raw(CurveColours.web(curve.number))
      page.raw("\" points=\"")
      for stretch in stretches { point(stretch.step, stretch.greatest, &page) }
      for stretch in stretches.reversed() { point(stretch.step, stretch.least, &page) }
      page.raw("\"/>\n")
    }
    if stretches.count == 1 { return dot(stretches[0], curve, &page) }
    page.raw("<polyline fill=\"none\" stroke-width=\"1.6\" stroke-linejoin=\"round\" stroke=\"")
    page.raw(CurveColours.web(curve.number))
    page.raw("\" points=\"")
    for stretch in stretches { point(stretch.step, stretch.mean, &page) }
    page.element("\"><title>", curve.name, "</title></polyline>\n")
  }

  private func point(_ step: Double, _ value: Double, _ page: inout Markup) {
    page.place(x(step))
    page.raw(",")
    page.place(y(value))
    page.raw(" ")
  }

  /// A line of one point would show nothing.
  private func dot(_ stretch: PlottedCurve.Stretch, _ curve: PlottedCurve, _ page: inout Markup) {
    page.raw("<circle r=\"3\" fill=\"")
    page.raw(CurveColours.web(curve.number))
    page.raw("\" cx=\"")
    page.place(x(stretch.step))
    page.raw("\" cy=\"")
    page.place(y(stretch.mean))
    page.element("\"><title>", curve.name, "</title></circle>\n")
  }

  private func legend(_ page: inout Markup) {
    for (row, curve) in plotted.curves.enumerated() {
      let top = 306 + Double(row) * 18
      page.raw("<rect x=\"70\" width=\"12\" height=\"12\" fill=\"")
      page.raw(CurveColours.web(curve.number))
      page.raw("\" y=\"")
      page.place(top)
      page.raw("\"/><text font-size=\"12\" x=\"90\" y=\"")
      page.place(top + 10)
      page.raw("\">")
      page.line(curve.name, width: 100)
      page.raw("</text>\n")
    }
  }
}
