import ArgumentParser
import Workbench

/// Pictures of trainings, as files.
struct PictureFlags: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write everything to this file, as a page that needs nothing else.", valueName: "file"))
  var html: String?

  @Option(help: ArgumentHelp("Write the losses to this file, as a drawing in SVG.", valueName: "file"))
  var svg: String?

  /// Whether none is asked for.
  var isEmpty: Bool { html == nil && svg == nil }

  /// Writes those that are asked for.
  ///
  /// - Parameters:
  ///   - curves: what is drawn.
  ///   - page: makes the page.
  /// - Throws: ``Failure``; a file that could not be written is as it was.
  func write(_ face: Face, curves: [PlottedCurve], page: () -> [UInt8]) throws {
    if let svg {
      guard let drawing = CurveDrawing(curves, measure: RunMeasure.loss.rawValue) else {
        throw Failure(
          .missing, "there is no loss to draw: no `metrics.jsonl` was found, or it has no step",
          hint: "`--out DIR` says where the folder of the result is")
      }
      try save(drawing.file, svg, face)
    }
    if let html { try save(page(), html, face) }
  }

  private func save(_ bytes: [UInt8], _ file: String, _ face: Face) throws {
    try FileRequest(file).run(in: face.session, bytes: bytes)
    if !face.console.isJSON { face.console.inform("Wrote \(file.escaped())") }
  }
}
