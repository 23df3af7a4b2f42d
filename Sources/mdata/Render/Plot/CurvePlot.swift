/// Curves drawn on a terminal: in braille, or in plain signs where the locale is not UTF-8. Several curves are told
/// apart by colour where there is any, and by their letters elsewhere.
struct CurvePlot {
  /// Columns of the terminal.
  let width: Int
  let isUTF8: Bool
  let isColoured: Bool

  private static let rows = 12
  private static let widest = 120
  private static let narrowest = 10

  init(width: Int, isUTF8: Bool, isColoured: Bool) {
    self.width = width
    self.isUTF8 = isUTF8
    self.isColoured = isColoured
  }

  init(_ terminal: Terminal) {
    self.init(width: terminal.width, isUTF8: terminal.isUTF8, isColoured: terminal.isColoured)
  }

  /// The lines of a drawing with its axes; none when there is nothing to draw.
  ///
  /// - Parameter measure: what is drawn, as `loss`.
  func lines(_ curves: [PlottedCurve], measure: String) -> [String] {
    let room = min(Self.widest, max(30, width))
    guard let plotted = PlottedCurves(curves, columns: max(2, room / 16), rows: 5) else { return [] }
    let labels = plotted.values.ticks.map(plotted.values.label)
    let margin = labels.map(\.count).max() ?? 0
    let canvas = drawn(plotted, columns: max(Self.narrowest, room - margin - 10))
    var marks = Array(repeating: "", count: Self.rows)
    for (tick, label) in zip(plotted.values.ticks, labels) {
      marks[Int(((1 - plotted.values.place(tick)) * Double(Self.rows - 1)).rounded())] = label
    }
    let (wall, notch) = isUTF8 ? ("│", "┤") : ("|", "+")
    return ["  " + measure.aligned(to: margin)]
      + marks.enumerated().map { row, label in
        let line = canvas.row(row, sign: { sign(plotted.curves, $0) }).map { styled($0.text, $0.owner) }
        return ("  " + label.aligned(to: margin) + " " + (label.isEmpty ? wall : notch) + line.joined())
          .trimmingSuffixSpaces()
      } + axis(plotted.steps, margin: margin, columns: canvas.columns)
  }

  /// The line of a curve in a legend: its name begins with its letter.
  func legend(_ curve: PlottedCurve) -> String {
    let name = curve.name.oneLine(width: max(20, width - 6))
    return "  " + (isColoured && isUTF8 ? styled("⠒⠒ ", curve.number) : "") + name
  }

  private func drawn(_ plotted: PlottedCurves, columns: Int) -> DotCanvas {
    let isAlone = plotted.curves.count == 1
    var canvas = DotCanvas(columns: columns, rows: Self.rows, braille: isUTF8 && (isAlone || isColoured))
    // The first one is drawn last, and lies above the others.
    for curve in plotted.curves.reversed() {
      var last: (x: Double, y: Double)?
      for stretch in curve.stretches(canvas.width, over: plotted.steps) {
        let place = (x: plotted.steps.place(stretch.step), y: plotted.values.place(stretch.mean))
        canvas.line(from: last ?? place, to: place, owner: curve.number)
        last = place
      }
    }
    return canvas
  }

  private func axis(_ scale: AxisScale, margin: Int, columns: Int) -> [String] {
    let (corner, floor, notch) = isUTF8 ? ("└", "─", "┴") : ("+", "-", "+")
    var line = Array(repeating: floor, count: columns)
    var numbers = ""
    for tick in scale.ticks {
      let column = Int((scale.place(tick) * Double(columns - 1)).rounded())
      line[column] = notch
      let label = scale.label(tick)
      // Under its notch, but for the last one, which ends there.
      let start = min(column, columns - label.count)
      guard numbers.isEmpty || start > numbers.count else { continue }
      numbers = numbers.padded(to: start) + label
    }
    let indent = String(repeating: " ", count: margin + 3)
    return [indent + corner + line.joined(), indent + " " + numbers.padded(to: columns - 4) + " step"]
      .map { $0.trimmingSuffixSpaces() }
  }

  private func sign(_ curves: [PlottedCurve], _ number: Int) -> String {
    curves.count == 1 ? "*" : curves.first { $0.number == number }?.letter ?? "*"
  }

  private func styled(_ text: String, _ owner: Int?) -> String {
    guard let owner else { return text }
    return Style.curves[owner % Style.curves.count].apply(text, when: isColoured)
  }
}
