import Foundation
import FoundationXML
import Records
import Testing
import Workbench

@testable import mdata

/// Curves on the terminal and in SVG.
@Suite struct CurvePlotTests {
  private static func curve(_ losses: [Double], from step: Int = 1, number: Int = 0) -> PlottedCurve {
    let points = losses.enumerated().map { MetricsLine(step: step + $0, loss: $1) }
    return RunMeasure.loss.curve(RunCurve(points), named: "\(number)  run", number: number)
  }

  private func text(_ curves: [PlottedCurve], width: Int = 50, utf8: Bool = true, coloured: Bool = false)
    -> String
  {
    CurvePlot(width: width, isUTF8: utf8, isColoured: coloured).lines(curves, measure: "loss").joined(
      separator: "\n")
  }

  @Test func oneCurveInBraille() throws {
    try Snapshot.compare(
      text([Self.curve((0..<40).map { 4 - 3 * Double($0) / 39 })]),
      with: #"""
          loss
          4 ┤⠑⠢⢄
            │   ⠑⠢⢄⡀
            │      ⠈⠑⢄⡀
            │         ⠈⠑⠢⢄
          3 ┤             ⠑⠢⢄⡀
            │                ⠈⠑⢄⡀
            │                   ⠈⠒⢄
          2 ┤                      ⠉⠒⠤⣀
            │                          ⠑⠤⣀
            │                             ⠉⠒⢄
            │                                ⠉⠒⠤⣀
          1 ┤                                    ⠑⠤⣀
            └───────────────────┴──────────────────┴
                                20                40 step
        """#)
  }

  @Test func oneCurveInPlainSigns() throws {
    try Snapshot.compare(
      text([Self.curve((0..<40).map { 4 - 3 * Double($0) / 39 })], utf8: false),
      with: #"""
          loss
          4 +**
            |  ****
            |      ***
            |         ****
          3 +             ***
            |                ****
            |                   ****
          2 +                       ***
            |                          ***
            |                             ****
            |                                 ****
          1 +                                     **
            +-------------------+------------------+
                                20                40 step
        """#)
  }

  /// Without colours each has its letter, and the first lies above the others.
  @Test func twoCurvesWithLetters() throws {
    let curves = [Self.curve([3, 2, 1]), Self.curve([3, 2.5, 2, 1.5, 1.25], number: 1)]
    try Snapshot.compare(
      text(curves),
      with: #"""
          loss
          3.0 ┤AB
              │ AABB
              │   A BBB
          2.5 ┤    AA  BBB
              │      A    BBB
              │       AA     BBB
          2.0 ┤         A       BBBB
              │          AA         BBBB
          1.5 ┤            AA           BBBBB
              │              AA              BBBB
              │                AA                BBB
          1.0 ┤                  A
              └─────────┴─────────────────┴─────────
                        2                 4      step
        """#)
    let coloured = text(curves, coloured: true)
    #expect(coloured.contains("\u{1B}[94m") && coloured.contains("\u{1B}[93m"))
    #expect(!coloured.contains("A"))
  }

  private static let hostile: [[Double]] = [
    [1e308, -1e308, 0], [.leastNonzeroMagnitude, 0, 1e-300], [.nan, 1, .nan], [7], [7, 7, 7], [1e300, 1e300],
    [-2, -1],
    [1e-7, 2e-7, 3e-7], [123_456_789, 1, 2], [1e16, 1e16 + 2],
  ]

  /// Nothing that a file may hold makes a drawing fail, or wider than the terminal.
  @Test(arguments: hostile) func everyCurveCanBeDrawn(losses: [Double]) throws {
    for width in [1, 40, 100, 1000] {
      for utf8 in [true, false] {
        let lines = text([Self.curve(losses)], width: width, utf8: utf8).split(separator: "\n")
        #expect(lines.count == 15, "\(losses)")
        for line in lines { #expect(line.count <= max(34, min(120, width)), "\(line)") }
        #expect(lines.contains { $0.contains(utf8 ? "┤" : "+") })
        #expect(utf8 || lines.contains { $0.contains("*") })
      }
    }
    let drawing = try #require(CurveDrawing([Self.curve(losses)], measure: "loss"))
    let source = String(decoding: drawing.file, as: UTF8.self)
    #expect(!source.contains("nan") && !source.contains("inf"), "\(source)")
    #expect(XMLParser(data: Data(source.utf8)).parse())
  }

  @Test func farStepsCanBeDrawn() throws {
    let points = [1, Int.max / 2, Int.max].map { MetricsLine(step: $0, loss: Double($0 % 7)) }
    let curve = RunMeasure.loss.curve(RunCurve(points), named: "far")
    #expect(text([curve]).contains("step"))
    _ = try #require(CurveDrawing([curve], measure: "loss"))
  }

  @Test func nothingIsDrawnOfNothing() {
    #expect(text([]).isEmpty && text([Self.curve([])]).isEmpty && text([Self.curve([.nan])]).isEmpty)
    #expect(CurveDrawing([Self.curve([.nan])], measure: "loss") == nil)
  }

  /// A long curve keeps its extremes: as an area around the mean.
  @Test func aLongCurveIsDrawnByStretches() throws {
    let curve = Self.curve((0..<100_000).map { $0 == 50_000 ? 100 : Double($0 % 2) })
    let axis = AxisScale(1...100_000, about: 5, isWhole: true)
    let stretches = curve.stretches(100, over: axis)
    #expect(stretches.count == 100)
    #expect(stretches.map(\.greatest).max() == 100 && stretches.map(\.least).min() == 0)
    #expect(stretches.allSatisfy { (0.45...0.65).contains($0.mean) })
    let drawing = try #require(CurveDrawing([curve], measure: "loss"))
    #expect(drawing.file.count < 60_000 && String(decoding: drawing.file, as: UTF8.self).contains("<polygon"))
  }

  @Test func theNumbersOfAnAxisAreRound() {
    func labels(_ range: ClosedRange<Double>, isWhole: Bool = false) -> [String] {
      let axis = AxisScale(range, about: 5, isWhole: isWhole)
      return axis.ticks.map(axis.label)
    }
    #expect(labels(0...10) == ["0", "2.5", "5", "7.5", "10"] || labels(0...10) == ["0", "5", "10"])
    #expect(labels(1.9...6.3) == ["2", "4", "6"])
    #expect(labels(0...2e-5) == ["0", "5e-6", "1e-5", "1.5e-5", "2e-5"])
    #expect(labels(1...60, isWhole: true) == ["20", "40", "60"])
    #expect(labels(1...2, isWhole: true) == ["1", "2"])
    #expect(labels(5.5...5.85) == ["5.5", "5.6", "5.7", "5.8"])
    #expect(labels(0...4e6) == ["0", "1,000,000", "2,000,000", "3,000,000", "4,000,000"])
  }
}
