import ArgumentParser
import Workbench

struct RunCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare runs: settings, versions, and losses at the same steps.",
    discussion: """
      Each is named by the beginning of its id or by its folder, which may still be being trained in. Versions are \
      compared record by record with that of the first run.

      Examples:
        mdata runs compare 4f2c9e01 out
        mdata runs compare 4f2c9e01 out --html runs.html
        mdata runs compare 4f2c9e01 out --json
      """)

  @Argument(help: ArgumentHelp("The runs, two to eight.", valueName: "run"))
  var runs: [String]

  @OptionGroup var pictures: PictureFlags

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let comparison = try RunCompareRequest(runs).run(in: face.session)
      let legends = RunNames(comparison.runs).legends
      try pictures.write(
        face,
        curves: zip(comparison.runs, legends).enumerated().compactMap { number, run in
          run.0.curve.map { RunMeasure.loss.curve($0, named: run.1, number: number) }
        },
        page: { RunReport.page(comparison) })
      if options.json { return face.console.json(RunDocument.document(comparison)) }
      if pictures.isEmpty {
        face.console.page()
        RunComparePage(console: face.console).print(comparison)
      }
    }
  }
}
