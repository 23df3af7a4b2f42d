import ArgumentParser
import Workbench

/// How a file becomes a batch: its format, and what its author knows about where the rows came from.
struct ImportFlags: ParsableArguments {
  @Option(help: ArgumentHelp("Format of the file; by default its content decides.", valueName: "format"))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "A column that holds a field of the pair, as instruction=question. Repeatable.",
      valueName: "field=column"))
  var map: [String] = []

  @Option(
    help: ArgumentHelp(
      "A column that answers teacher, prompt, seeds, license or score.NAME, as seeds=seed_ids. Repeatable.",
      valueName: "question=column"))
  var column: [String] = []

  @Option(help: ArgumentHelp("The model that wrote the answers of the whole batch.", valueName: "name"))
  var teacher: String?

  @Option(help: ArgumentHelp("A file with a prompt the batch was made from. Repeatable.", valueName: "file"))
  var prompt: [String] = []

  @Option(help: ArgumentHelp("The file with the seed tasks of the batch.", valueName: "file"))
  var seedFile: String?

  @Option(help: ArgumentHelp("Licence of the batch, as an SPDX expression.", valueName: "licence"))
  var license: String?

  @Option(help: ArgumentHelp("A recipe (YAML) that says all of this.", valueName: "file"))
  var recipe: String?

  @Option(
    help: ArgumentHelp(
      "Leave out malformed rows and write them with reasons to this file.", valueName: "file"))
  var skipInvalid: String?

  @Option(help: ArgumentHelp("The name recorded for the file; needed for standard input.", valueName: "name"))
  var name: String?

  /// The flags that were given, as written.
  var given: [String] {
    let flags: [(String, Bool)] = [
      ("--format", format != nil), ("--map", !map.isEmpty), ("--column", !column.isEmpty),
      ("--teacher", teacher != nil),
      ("--prompt", !prompt.isEmpty), ("--seed-file", seedFile != nil), ("--license", license != nil),
      ("--recipe", recipe != nil), ("--skip-invalid", skipInvalid != nil), ("--name", name != nil),
    ]
    return flags.filter(\.1).map(\.0)
  }

  func request() throws -> ImportRequest.Provenance {
    var provenance = ImportRequest.Provenance()
    provenance.format = format
    provenance.fields = try Self.pairs(map, "--map", example: "instruction=question")
    provenance.columns = try Self.pairs(column, "--column", example: "seeds=seed_ids")
    provenance.teacher = teacher
    provenance.prompts = prompt
    provenance.seedFile = seedFile
    provenance.license = license
    provenance.recipe = recipe
    provenance.rejects = skipInvalid
    provenance.name = name
    return provenance
  }

  /// Values of a repeatable flag of the form `NAME=COLUMN`.
  static func pairs(_ texts: [String], _ flag: String, example: String) throws -> [String: String] {
    var values: [String: String] = [:]
    for text in texts {
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw Failure(
          .usage, "`\(flag) \(text)` is not of the form NAME=COLUMN", hint: "such as `\(flag) \(example)`")
      }
      guard values.updateValue(parts[1], forKey: parts[0]) == nil else {
        throw Failure(
          .usage, "`\(flag)` names `\(parts[0])` twice", hint: "one column answers: leave the other out")
      }
    }
    return values
  }
}
