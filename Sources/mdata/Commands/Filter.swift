import ArgumentParser
import Records
import Workbench

struct Filter: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "filter",
    abstract: "Leave out what is too much like the rest, or breaks a rule.",
    discussion: """
      Of a file it says what to leave out, and needs no repository. Of a branch it makes one version without it: why each \
      record went, and what it is too much like, is part of that version. `mdata blame` and `mdata why` tell it, and \
      `mdata undo` brings everything back.

      Two texts are alike by ROUGE-L as rouge-score computes it: the F-measure of the longest sequence of words that both \
      have in the same order, whatever stands between them. What is above the threshold goes: with the policy greedy the \
      first of several stays, with isolated none does.

      Examples:
        mdata filter new.jsonl --rouge-l 0.7 --report decisions.jsonl
        mdata filter new.jsonl --rouge-l 0.7 --against main --against seeds.jsonl
        mdata filter --rouge-l 0.7 --rule all --dry-run
        mdata filter main --rule refusal --rule '{"rule":"email","severity":"drop"}'
        mdata filter main --drop-where "quality < 3" --rule '{"rule":"pattern","name":"mentions-url","pattern":"https?://"}'
        mdata filter main --recipe clean.yaml --dry-run
        mdata filter old.json --compat alpacare --html closest.html
      """)

  @Argument(help: "A file of pairs, or the branch to leave records out of; with --dry-run any version.")
  var source: String = "HEAD"

  @Option(
    name: .customLong("rouge-l"),
    help: ArgumentHelp("Leave out what has a ROUGE-L above this with another.", valueName: "threshold"))
  var rougeL: Double?

  @Option(
    help: ArgumentHelp(
      "greedy: the first of several that are alike stays; isolated: none does. (default: greedy)",
      valueName: "name"))
  var policy: Policy?

  @Option(
    help: ArgumentHelp(
      "Compare with this version or file too, of which nothing is left out; can be given several times.",
      valueName: "revision|file"))
  var against: [String] = []

  @Option(
    help: ArgumentHelp(
      "What words are: rouge (letters and digits of ASCII, as rouge-score has it), unicode (words of any script), or auto, which takes unicode for texts that rouge would not see. (default: auto)",
      valueName: "name"))
  var tokenizer: Tokenizer?

  @Option(
    help: ArgumentHelp(
      "Compare this field: \(PairField.allCases.map(\.rawValue).joined(separator: ", ")); can be given several times. (default: instruction)",
      valueName: "name"), transform: Dedup.pairField)
  var field: [PairField] = []

  @Option(help: ArgumentHelp("Compare only what has the same value in this column.", valueName: "column"))
  var groupBy: String?

  @Option(
    help: ArgumentHelp(
      "Decide as a known pipeline does: \(Compatibility.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var compat: Compatibility?

  @Option(
    help: ArgumentHelp(
      "Ask this rule too, or all; can be given several times. With settings it is a JSON object, such as '{\"rule\":\"pattern\",\"pattern\":\"(?i)as an ai\"}'.",
      valueName: "name|json"))
  var rule: [String] = []

  @Option(
    help: ArgumentHelp(
      "Leave out records of a version for which this condition holds, over the columns of the view `records` and of the rows; can be given several times. Short for a rule 'sql'.",
      valueName: "sql"))
  var dropWhere: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Stop a condition after this much work. (default: 60)", valueName: "seconds"))
  var timeLimit: Double?

  @Option(
    help: ArgumentHelp(
      "Filter as the `filters` of this recipe (YAML) say; flags win over them.", valueName: "file"),
    completion: .file())
  var recipe: String?

  @Flag(help: "Tell of everything that stays what is nearest to it, and the mean of all; takes longer.")
  var nearest = false

  @Option(
    help: ArgumentHelp(
      "Write a line for every row to this file: decision, score, nearest, rule.", valueName: "file"),
    completion: .file())
  var report: String?

  @Option(
    help: ArgumentHelp(
      "Write a page to this file: what was left out, how alike things are, the closest side by side.",
      valueName: "file"), completion: .file())
  var html: String?

  @Option(name: .shortAndLong, help: "The message of the new version.")
  var message: String?

  @Flag(help: "Show what would go and change nothing.")
  var dryRun = false

  @Option(
    help: ArgumentHelp(
      "Print at most this many that go; with --html the closest of them. (default: 10, with --html 100)",
      valueName: "number"))
  var limit: Int?

  @OptionGroup(title: "Signature") var signing: SigningFlags
  @OptionGroup var options: GlobalOptions

  enum Policy: String, ExpressibleByArgument, CaseIterable {
    case greedy, isolated
  }

  enum Tokenizer: String, ExpressibleByArgument, CaseIterable {
    case rouge, unicode, auto
  }

  enum Compatibility: String, ExpressibleByArgument, CaseIterable {
    case alpaca, alpacare
    case selfInstruct = "self-instruct"
  }

  func validate() throws {
    if compat != nil, policy != nil || tokenizer != nil || !field.isEmpty {
      throw ValidationError("'--compat' decides policy, tokenizer and field itself")
    }
    if rougeL == nil, compat == nil, recipe == nil, isComparing {
      throw ValidationError("what is compared, and how, belongs to '--rouge-l'")
    }
    if let limit, limit < 0 { throw ValidationError("'--limit' counts from 0") }
    if dropWhere.contains(where: { $0.allSatisfy(\.isWhitespace) }) {
      throw ValidationError("the condition is empty")
    }
    if let timeLimit, !(timeLimit > 0) { throw ValidationError("'--time-limit \(timeLimit)' leaves no time") }
  }

  /// Whether a flag says what is compared, or how.
  private var isComparing: Bool {
    policy != nil || tokenizer != nil || !field.isEmpty || groupBy != nil || !against.isEmpty || nearest
  }

  /// What the flags say, and for the rest what a recipe does.
  private func settings(over recipe: FilterSettings?) throws -> FilterSettings {
    var settings = recipe ?? FilterSettings()
    settings.rougeL = rougeL ?? (compat == nil ? settings.rougeL : 0.7)
    if settings.rougeL == nil, isComparing {
      throw Failure(
        .usage, "what is compared, and how, belongs to a threshold, and the recipe has none",
        hint: "give `--rouge-l 0.7`, or `rouge_l` in the recipe")
    }
    if let policy { settings.policy = policy == .isolated ? .isolated : .greedy }
    if let tokenizer { settings.tokenizer = tokenizer.rawValue }
    if !field.isEmpty { settings.fields = field }
    if let compat {
      settings.policy = compat == .alpacare ? .isolated : .greedy
      settings.tokenizer = Tokenizer.rouge.rawValue
      settings.fields = FilterSettings().fields
    }
    settings.groupBy = groupBy ?? settings.groupBy
    let rules = rule + dropWhere.map(Self.condition)
    if !rules.isEmpty { settings.rules = rules }
    settings.timeLimit = timeLimit ?? 60
    settings.memoryLimit = Select.memoryLimit
    // Alpaca keeps both with its rows.
    settings.describesKept = nearest || compat == .alpaca
    return settings
  }

  /// A rule that is a condition.
  private static func condition(_ sql: String) -> String {
    let rule = JSONValue.object([JSONMember("rule", .string("sql")), JSONMember("where", .string(sql))])
    return String(decoding: CanonicalJSON.encode(rule), as: UTF8.self)
  }

  func run() throws {
    try Face.run(options) { face in
      let filters = try recipe.map { try RecipeFilters(recipe: $0, in: face.session) }
      let request = FilterRequest(
        source: source, against: against.isEmpty ? filters?.against ?? [] : against,
        settings: try settings(over: filters?.settings), report: report, message: message,
        dryRun: dryRun,
        examples: html != nil ? .closest(limit ?? 100) : .first(options.json ? 0 : limit ?? 10))
      var drops: [JSONValue] = []
      let result = try request.run(in: face.session(signing)) {
        if options.json, !$0.isKept { drops.append($0.json) }
      }
      if let html {
        try FileRequest(html).run(in: face.session, bytes: FilterReport.page(result, source: source))
      }
      if options.json { return face.console.json(result.json(drops, isDryRun: dryRun)) }
      FilterPage(console: face.console, showsExamples: html == nil).print(result)
      if let html { face.console.inform("Wrote \(html.escaped())") }
    }
  }
}
