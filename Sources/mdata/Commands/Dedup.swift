import ArgumentParser
import Records
import Workbench

struct Dedup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dedup",
    abstract: "Drop records that are duplicates of others.",
    discussion: """
      Makes one version without them. Why each record went, and which one stays in its place, is part of that version: \
      `mdata blame` and `mdata why` tell it, and `mdata undo` brings everything back. Of a file it says what would go, and \
      needs no repository.

      With --near two records are duplicates when enough of the word n-grams of one are in the other: every such pair is \
      found, and none that is not. With --rouge-l they are when the longest sequence of words that both have in the same \
      order is long enough, as `mdata filter` has it.

      With --minhash it drops nothing and writes a MinHash signature of every record to a file, a line of JSON each, for \
      programs that look for near-duplicates in their own way.

      Examples:
        mdata dedup --dry-run
        mdata dedup --keep best-score --score quality
        mdata dedup --field instruction --field input --keep longest --report dropped.jsonl
        mdata dedup cleaner --minus main --exact
        mdata dedup --near 0.6 --ngram 2 --dry-run
        mdata dedup rows.jsonl --near 0.7 --report dropped.jsonl
        mdata dedup rows.jsonl --rouge-l 0.7 --keep longest
        mdata dedup v1 --minhash signatures.jsonl --ngram 3 --permutations 128
      """)

  @Argument(help: "The branch to drop them from, or a file; with --dry-run any version.")
  var revision: String = "HEAD"

  @Option(
    help: ArgumentHelp(
      "Drop what this version or file has too, and nothing else; can be given several times.",
      valueName: "revision|file"))
  var minus: [String] = []

  @Flag(exclusivity: .exclusive, help: "What counts as a duplicate.")
  var way: Way = .normalised

  @Option(
    help: ArgumentHelp(
      "What is alike by at least this, above 0 and up to 1, is a duplicate too.", valueName: "threshold"))
  var near: Double?

  @Option(
    name: .customLong("rouge-l"),
    help: ArgumentHelp(
      "What has a ROUGE-L above this, from 0 to 1, is a duplicate too: of the instruction, unless --field says otherwise.",
      valueName: "threshold"))
  var rougeL: Double?

  @Option(help: ArgumentHelp("Words of an n-gram; with --near or --minhash. (default: 3)", valueName: "n"))
  var ngram: Int?

  @Option(
    help: ArgumentHelp(
      "How alike two sets of n-grams are: jaccard, dice or overlap; with --near. (default: jaccard)",
      valueName: "name"))
  var similarity: Similarity?

  @Option(
    help: ArgumentHelp(
      "What words are: rouge, unicode or auto; with --near, --rouge-l or --minhash. (default: auto)",
      valueName: "name"))
  var tokenizer: Filter.Tokenizer?

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

  @Option(
    help: ArgumentHelp(
      "Write a line a record with its MinHash signature to this file, and drop nothing.",
      valueName: "file"), completion: .file())
  var minhash: String?

  @Option(help: ArgumentHelp("Numbers of a signature; with --minhash. (default: 128)", valueName: "number"))
  var permutations: Int?

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

  enum Similarity: String, ExpressibleByArgument, CaseIterable {
    case jaccard, dice, overlap
  }

  enum Link: String, ExpressibleByArgument, CaseIterable {
    case star, chain
  }

  enum Keep: String, ExpressibleByArgument, CaseIterable {
    case first, bestScore = "best-score", longest, newest
  }

  static func pairField(_ text: String) throws -> PairField {
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

  private func measure(_ fields: Set<PairField>) -> DedupMeasure {
    if let rougeL {
      return DedupMeasure(
        rougeL: DedupMeasure.SequenceNearness(threshold: rougeL, tokenizer: (tokenizer ?? .auto).rawValue),
        fields: fields)
    }
    guard let near else { return DedupMeasure(way == .exact ? .exact : .normalised, fields: fields) }
    return DedupMeasure(
      near: DedupMeasure.Nearness(
        threshold: near, ngram: ngram ?? 3,
        similarity: DedupMeasure.Nearness.Similarity(rawValue: (similarity ?? .jaccard).rawValue) ?? .jaccard,
        tokenizer: (tokenizer ?? .auto).rawValue), fields: fields)
  }

  func validate() throws {
    if score != nil, keep != .bestScore { throw ValidationError("'--score' belongs to '--keep best-score'") }
    if dropAll, keep != .first { throw ValidationError("with '--drop-all' none is kept") }
    if !minus.isEmpty, dropAll || keep != .first || link != .star {
      throw ValidationError("with '--minus' everything goes that the other version has")
    }
    if minhash != nil {
      guard near == nil, rougeL == nil, similarity == nil, way != .exact, minus.isEmpty, keep == .first,
        link == .star,
        !dropAll, report == nil, message == nil, !dryRun
      else {
        throw ValidationError(
          "'--minhash' drops nothing; beside it stand '--field', '--ngram', '--permutations' and '--tokenizer'"
        )
      }
    } else if permutations != nil {
      throw ValidationError("'--permutations' belongs to '--minhash'")
    } else if near == nil, ngram != nil || similarity != nil || tokenizer != nil && rougeL == nil {
      throw ValidationError("'--ngram', '--similarity' and '--tokenizer' belong to '--near'")
    }
    if near != nil, way == .exact { throw ValidationError("'--near' and '--exact' are two ways: give one") }
    if rougeL != nil, near != nil || way == .exact {
      throw ValidationError("'--rouge-l', '--near' and '--exact' are three ways: give one")
    }
    if limit < 0 { throw ValidationError("'--limit' counts from 0") }
  }

  func run() throws {
    try Face.run(options) { face in
      let fields = Set(field.isEmpty ? (rougeL == nil ? PairField.allCases : [.instruction]) : field)
      if let minhash {
        let result = try MinHashRequest(
          revision: revision, fields: fields, ngram: ngram ?? 3, permutations: permutations ?? 128,
          tokenizer: (tokenizer ?? .auto).rawValue, output: minhash
        ).run(in: face.session(signing))
        return MinHashPage(result: result).write(to: face.console, isJSON: options.json)
      }
      var request = DedupRequest(
        revision: revision, minus: minus, measure: measure(fields),
        keep: preference, link: link == .star ? .star : .chain, dropsAll: dropAll, report: report,
        message: message, dryRun: dryRun)
      if options.json {
        var drops: [JSONValue] = []
        let result = try request.run(in: face.session(signing)) { drops.append($0.json) }
        return face.console.json(result.json(drops, isDryRun: dryRun))
      }
      request.examples = limit
      let page = DedupPage(console: face.console, isDryRun: dryRun, limit: limit, compared: fields)
      page.end(try request.run(in: face.session(signing), each: page.add))
    }
  }
}
