import ArgumentParser
import Records
import Workbench

struct Checkout: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "checkout",
    abstract: "Write a version to a file.",
    discussion: """
      A version made of one import comes back byte for byte; later batches are written in the layout of the first. \
      A file name that ends in .gz or .zst is compressed. With --locked, the version is the one `mdata.lock` pins, and \
      the file must have the digest recorded there.

      Examples:
        mdata checkout v1 -o pairs.jsonl
        mdata checkout HEAD~1 -o pairs.csv.gz --format csv
        mdata checkout --locked -o pairs.jsonl
      """)

  @Argument(help: "A branch, tag or commit.")
  var revision: String?

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The file; - for standard output.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("Format of the file; by default the first batch's.", valueName: "format"))
  var format: String?

  @Flag(help: "The version that mdata.lock pins, verified.")
  var locked = false

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if locked == (revision != nil) { throw ValidationError("give either a version or '--locked'") }
    if locked && format != nil { throw ValidationError("'--locked' fixes the format: leave '--format' out") }
  }

  func run() throws {
    try Face.run(options) { face in
      let target: CheckoutRequest.Target =
        output == "-" ? .stream { face.console.write(Array($0)) } : .file(output)
      let version: CheckoutRequest.Version = if let revision { .revision(revision) } else { .locked }
      let result = try CheckoutRequest(version: version, target: target, format: format).run(in: face.session)
      if output == "-" { return }
      if options.json {
        face.console.json(
          .document(
            "checkout",
            [
              JSONMember("commit", .string(result.commit.commit)),
              JSONMember("snapshot", .string(result.commit.snapshot)),
              JSONMember("records", .int(result.records)), JSONMember("bytes", .int(result.bytes)),
              JSONMember("sha256", .string(result.sha256)), JSONMember("format", .string(result.format)),
              JSONMember("file", .string(output)),
            ]))
      } else {
        face.console.inform(
          "Wrote \(result.records.of("record")) of \(face.console.styled(result.commit.short, .identifier)) to \(output.escaped()) (\(result.format), \(result.bytes.grouped) bytes)"
        )
      }
    }
  }
}
