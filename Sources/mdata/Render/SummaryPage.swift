import Workbench

/// The distributions of a diff as text: small histograms, before and after side by side, with counts and quantiles.
struct SummaryPage {
  let console: Console
  private var bars: Bars { Bars(isUTF8: console.output.isUTF8) }
  private var width: Int { console.output.width }

  /// Values that are shown each for itself.
  private static let mostValues = 10
  private static let widestBar = 40
  private static let narrowestBar = 4

  private struct Line {
    var label: String
    var isFaint = false
    var before: Int
    var after: Int
  }

  init(console: Console) { self.console = console }

  func print(_ summary: DiffSummary) {
    for numbers in summary.numbers {
      let bins = numbers.bins
      heading(numbers.name + ", " + numbers.unit.rawValue)
      lines(
        zip(bins, zip(numbers.before.counts(in: bins), numbers.after.counts(in: bins))).map { bin, counts in
          Line(label: bin.label(numbers.unit, dash: bars.dash), before: counts.0, after: counts.1)
        }, isAligned: true)
      quantiles(numbers)
      console.line()
    }
    for values in summary.values {
      heading(values.name)
      let (most, others) = values.most(Self.mostValues)
      var found = most.map { entry in
        Line(
          label: entry.value?.oneLine(width: max(10, width / 3)) ?? "(none)", isFaint: entry.value == nil,
          before: entry.counts.before, after: entry.counts.after)
      }
      if let others {
        found.append(Line(label: "(others)", isFaint: true, before: others.before, after: others.after))
      }
      lines(found, isAligned: false)
      console.line()
    }
  }

  private func heading(_ text: String) { console.line(console.styled(text.escaped(), .heading)) }

  private func lines(_ lines: [Line], isAligned: Bool) {
    let label = lines.map(\.label.displayWidth).max() ?? 0
    let digits = lines.map { max($0.before, $0.after).grouped.count }.max() ?? 1
    let most = lines.map { max($0.before, $0.after) }.max() ?? 0
    let room = (width - label - 2 * digits - 8) / 2
    let bar = min(Self.widestBar, max(Self.narrowestBar, room))
    let column = bar + 1 + digits
    console.line(
      console.styled("  " + "".padded(to: label) + "  " + "before".padded(to: column) + "  after", .faint))
    for line in lines {
      func side(_ count: Int, _ style: Style) -> String {
        console.styled(bars.bar(count, of: most, width: bar).padded(to: bar), style) + " "
          + count.grouped.aligned(to: digits)
      }
      let name = isAligned ? line.label.aligned(to: label) : line.label.padded(to: label)
      console.line(
        "  " + (line.isFaint ? console.styled(name, .faint) : name) + "  " + side(line.before, .removed)
          + "  "
          + side(line.after, .added))
    }
  }

  private struct Column {
    var name: String
    var before: String
    var after: String
    var width: Int { max(name.count, before.count, after.count) + 2 }
  }

  /// A line for each side; on a narrow terminal fewer numbers.
  private func quantiles(_ numbers: DiffSummary.Numbers) {
    let names = ["records", "mean", "min", "25 %", "median", "75 %", "95 %", "max"]
    var columns = zip(names, zip(Self.values(numbers.before), Self.values(numbers.after))).map {
      Column(name: $0, before: $1.0, after: $1.1)
    }
    for name in ["75 %", "25 %", "min", "95 %", "mean", "max", "median"]
    where columns.reduce(8, { $0 + $1.width }) > width {
      columns.removeAll { $0.name == name }
    }
    func line(_ name: String, _ value: (Column) -> String) -> String {
      "  " + name.padded(to: 6) + columns.map { value($0).aligned(to: $0.width) }.joined()
    }
    console.line(console.styled(line("", \.name), .faint))
    console.line(line("before", \.before))
    console.line(line("after", \.after))
  }

  /// The number of records, mean, least, quartiles and the greatest of a side; nothing but the first of none.
  static func values(_ side: Distribution) -> [String] {
    guard side.count > 0 else { return ["0"] + Array(repeating: "", count: 7) }
    let quantiles = side.quantiles([0.25, 0.5, 0.75, 0.95])
    // Three digits or more, and no decimals that say nothing.
    let size = side.mean.magnitude
    let mean = size >= 1_000 && size < 1e15 ? side.mean.rounded().brief : side.mean.fixed(size >= 10 ? 1 : 2)
    return [side.count.grouped, mean, side.least.brief] + quantiles.map(\.brief) + [side.greatest.brief]
  }
}
