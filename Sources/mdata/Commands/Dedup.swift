import ArgumentParser
import Records
import Workbench

struct Dedup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dedup",
    abstract: "Drop records that are duplicates of others.",
    discussion: """
      Makes one version without them. Why each record went, and which one stays in its place, is part of that version: \
      `mdata blame` and `mdata why` tell it, and `mdata undo` brings everything back.

      Examples:
        mdata dedup --dry-run
        mdata dedup --keep best-score --score quality
        mdata dedup --field instruction --field input --keep longest --report dropped.jsonl
        mdata dedup cleaner --minus main --exact
      """)

  @Argument(help: "The branch to drop them from; with --dry-run any version.")
  var revision: String = "HEAD"

  @Option(
    help: ArgumentHelp(
      "Drop what this version has too, and nothing else; can be given several times.", valueName: "revision"))
  var minus: [String] = []

  @Flag(exclusivity: .exclusive, help: "What counts as a duplicate.")
  var way: Way = .normalised

  @Option(
    help: ArgumentHelp(
      "Compare this field only: \(PairField.allCases.map(\.rawValue).joined(separator: ", ")); can be given several times.",
      valueName: "name"), transform: Dedup.pairField)
  var field: [PairField] = []

  @Option(
    help: ArgumentHelp(
      "Which one stays: \(Keep.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "way"))
  var keep: Keep = .first

  @Option(help: ArgumentHelp("Which score, when there are several.", valueName: "name"))
  var score: String?

  @Option(
    help: ArgumentHelp(
      "star: what is dropped is itself alike to what stays; chain: likeness is handed on.", valueName: "way"))
  var link: Link = .star

  @Flag(help: "Let none of them stay.")
  var dropAll = false

  @Option(
    help: ArgumentHelp(
      "Write a line a dropped record to this file: what stays, by which rule, what differs.",
      valueName: "file"), completion: .file())
  var report: String?

  @Option(name: .shortAndLong, help: "The message of the new version.")
  var message: String?

  @Flag(help: "Show what would go and change nothing.")
  var dryRun = false

  @Option(help: ArgumentHelp("Print at most this many dropped records.", valueName: "number"))
  var limit: Int = 10

  @OptionGroup(title: "Signature") var signing: SigningFlags
  @OptionGroup var options: GlobalOptions

  enum Way: String, EnumerableFlag {
    case exact, normalised

    static func help(for value: Way) -> ArgumentHelp? {
      value == .exact
        ? "The same pair, byte for byte." : "The same but for case, spacing and encoding (the default)."
    }
  }

  enum Link: String, ExpressibleByArgument, CaseIterable {
    case star, chain
  }

  enum Keep: String, ExpressibleByArgument, CaseIterable {
    case first, bestScore = "best-score", longest, newest
  }

  private static func pairField(_ text: String) throws -> PairField {
    guard let field = PairField(rawValue: text) else {
      throw ValidationError(
        "a pair has no field '\(text)'; it has \(PairField.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    return field
  }

  private var preference: DedupPreference {
    switch keep {
    case .first: .first
    case .bestScore: .bestScore(score)
    case .longest: .longest
    case .newest: .newest
    }
  }

  func validate() throws {
    if score != nil, keep != .bestScore { throw ValidationError("'--score' belongs to '--keep best-score'") }
    if dropAll, keep != .first { throw ValidationError("with '--drop-all' none is kept") }
    if !minus.isEmpty, dropAll || keep != .first || link != .star {
      throw ValidationError("with '--minus' everything goes that the other version has")
    }
    if limit < 0 { throw ValidationError("'--limit' counts from 0") }
  }

  func run() throws {
    try Face.run(options) { face in
      let fields = Set(field.isEmpty ? PairField.allCases : field)
      let request = DedupRequest(
        revision: revision, minus: minus,
        measure: DedupMeasure(way == .exact ? .exact : .normalised, fields: fields),
        keep: preference, link: link == .star ? .star : .chain, dropsAll: dropAll, report: report,
        message: message, dryRun: dryRun)
      if options.json {
        var drops: [JSONValue] = []
        let result = try request.run(in: face.session(signing)) { drops.append($0.json) }
        return face.console.json(result.json(drops, isDryRun: dryRun))
      }
      let page = DedupPage(console: face.console, isDryRun: dryRun, limit: limit, compared: fields)
      page.end(try request.run(in: face.session(signing), each: page.add))
    }
  }
}
