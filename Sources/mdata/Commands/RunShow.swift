import ArgumentParser
import Workbench

struct RunShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract:
      "Show all that is known of one run: version, settings, records, losses, and where its model is.",
    discussion: """
      The folder of the result is looked for by its name, here and beside the repository; it is compared with what was \
      recorded, and its metrics.jsonl has the losses. A folder whose training is still going on, or was stopped, is \
      shown as far as it came.

      Examples:
        mdata runs show 4f2c9e01
        mdata runs show 4f2c9e01 --html run.html --svg loss.svg
        mdata runs show 4f2c9e01 --no-verify --json
      """)

  @Argument(
    help: ArgumentHelp(
      "The run by the beginning of its id, or the folder it wrote to; a folder with the name of an id as ./NAME.",
      valueName: "run"))
  var id: String

  @Option(help: ArgumentHelp("Where the folder of the result lies.", valueName: "folder"))
  var out: String?

  @Flag(inversion: .prefixedNo, help: "Read the model's files, and compare them with what was recorded.")
  var verify = true

  @OptionGroup var pictures: PictureFlags

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let details = try RunShowRequest(id, folder: out, verifiesModel: verify).run(in: face.session)
      try pictures.write(
        face, curves: details.curve.map(RunMeasure.loss.curves) ?? [], page: { RunReport.page(details) })
      if options.json { return face.console.json(RunDocument.document(details)) }
      if pictures.isEmpty {
        face.console.page()
        RunPage(console: face.console).print(details)
      }
    }
  }
}
