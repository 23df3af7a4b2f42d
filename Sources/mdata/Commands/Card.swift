import ArgumentParser
import Records
import Workbench

struct Card: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "card",
    abstract: "Write a dataset card of a version, as the Hugging Face Hub has it.",
    discussion: """
      The card is a README: metadata in YAML, then statistics, licences with counts, sources, how much of the data can \
      say where it came from, the version and how to reproduce it. Without --license the metadata names the licences \
      that the rows state; a licence that rows contradict is refused with exit code 1. The same version and flags give \
      the same bytes.

      Examples:
        mdata card -o README.md
        mdata card v1 --name "Plain answers" --license CC0-1.0 --language en -o README.md
        mdata card v1 --data-file train=train.jsonl --data-file test=test.jsonl --by teacher
      """)

  @Argument(help: "A branch, tag or commit.")
  var revision: String = "HEAD"

  @Option(
    name: [.customShort("o"), .long],
    help: ArgumentHelp("The file; by default standard output.", valueName: "file"))
  var output: String = "-"

  @Option(help: ArgumentHelp("What people call the dataset.", valueName: "name"))
  var name: String?

  @Option(help: ArgumentHelp("The licence it is given under. Repeatable.", valueName: "licence"))
  var license: [String] = []

  @Option(
    help: ArgumentHelp(
      "A language of it, as an ISO 639 code; by default what a column `language` states. Repeatable.",
      valueName: "code"))
  var language: [String] = []

  @Option(
    help: ArgumentHelp(
      "A task category of the Hub; by default text-generation. Repeatable.", valueName: "task"))
  var task: [String] = []

  @Option(help: ArgumentHelp("A tag beside instruction-tuning and mdata. Repeatable.", valueName: "tag"))
  var tag: [String] = []

  @Option(
    help: ArgumentHelp(
      "A column whose values are counted; by default topic, type and source. Repeatable.", valueName: "column"
    ))
  var by: [String] = []

  @Option(
    help: ArgumentHelp(
      "A file of the data beside the card, with its split; alone it is train. Repeatable.",
      valueName: "split=path"))
  var dataFile: [String] = []

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    for code in language where !Self.isLanguage(code) {
      throw ValidationError("'--language \(code)' is not an ISO 639 code, such as en")
    }
    for text in license + task + tag + [name ?? "x"] where text.allSatisfy(\.isWhitespace) {
      throw ValidationError("an empty name, licence, task or tag says nothing")
    }
    _ = try files()
  }

  /// Two or three small letters, and what BCP 47 allows after them.
  private static func isLanguage(_ code: String) -> Bool {
    let parts = code.split(separator: "-", omittingEmptySubsequences: false)
    return (2...3).contains(parts[0].utf8.count) && parts[0].allSatisfy { ("a"..."z").contains($0) }
      && parts.dropFirst().allSatisfy { part in
        (2...8).contains(part.utf8.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
      }
  }

  private func files() throws -> [(split: String, path: String)] {
    try dataFile.map { text in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      let (split, path) = parts.count == 2 ? (parts[0], parts[1]) : ("train", parts[0])
      // `datasets` takes words of letters, digits, points and underscores for a split.
      guard !path.isEmpty, !split.isEmpty,
        split.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") })
      else {
        throw ValidationError(
          "'--data-file \(text)' is not of the form SPLIT=PATH, such as train=train.jsonl")
      }
      return (split, path)
    }
  }

  func run() throws {
    try Face.run(options) { face in
      var request = CardRequest(revision: revision, output: output == "-" ? nil : output)
      (request.name, request.licenses, request.languages) = (name, license, language)
      (request.keywords, request.columns, request.files) = (tag, by, try files())
      if !task.isEmpty { request.tasks = task }
      let result = try request.run(in: face.session)
      if options.json {
        face.console.json(result.json(path: request.output))
      } else if request.output == nil {
        face.console.write(Array(result.text.utf8))
      } else {
        face.console.inform(
          "Wrote the card of \(face.console.styled(result.card.commit.short, .identifier)) to \(output.escaped()): \(result.card.license.identifiers.joined(separator: ", ")), \(result.card.records.of("record"))"
        )
      }
      if result.card.unlicensed > 0, !options.quiet {
        face.console.remark(
          "note: \(result.card.unlicensed.of("record")) of \(result.card.records.grouped) \(result.card.unlicensed == 1 ? "states" : "state") no licence"
        )
      }
    }
  }
}
