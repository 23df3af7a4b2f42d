import ArgumentParser
import Records
import Workbench

struct Decontaminate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decontaminate",
    abstract: "Look for parts of evaluation sets in training data.",
    discussion: """
      Finds every item that has 13 words in a row of an evaluation set's prompt (instruction and input), or a whole prompt \
      that is shorter, and shows the words. Forms of words that many prompts have, such as "choose the correct answer", \
      are told apart and do not count. Nothing is changed unless --drop is given; then one version without them is made.

      Examples:
        mdata decontaminate --against seeds.jsonl
        mdata decontaminate new.jsonl --against v1 --ngram 8 --report found.jsonl
        mdata decontaminate main --against seeds.jsonl --rouge-l 0.8 --drop
      """)

  @Argument(help: "A version, or a file; with --drop a branch.")
  var source: String = "HEAD"

  @Option(
    help: ArgumentHelp("An evaluation set; can be given several times.", valueName: "revision|file"))
  var against: [String]

  @Option(help: ArgumentHelp("Words in a row.", valueName: "n"))
  var ngram: Int = 13

  @Option(
    help: ArgumentHelp("Do not look for prompts of fewer words.", valueName: "words"))
  var shortest: Int = 5

  @Option(
    help: ArgumentHelp(
      "What is in more than this share of the prompts is a form of words and does not count.",
      valueName: "share"))
  var boilerplate: Double = 0.01

  @Option(
    name: .customLong("rouge-l"),
    help: ArgumentHelp("Count tasks too whose ROUGE-L with a prompt is above this.", valueName: "threshold"))
  var rougeL: Double?

  @Option(
    help: ArgumentHelp(
      "Search this field: \(PairField.allCases.map(\.rawValue).joined(separator: ", ")); can be given several times. (default: instruction, input and output)",
      valueName: "name"), transform: Dedup.pairField)
  var field: [PairField] = []

  @Option(help: ArgumentHelp("What words are: rouge, unicode or auto.", valueName: "name"))
  var tokenizer: Filter.Tokenizer = .auto

  @Flag(help: "Make a version without what was found.")
  var drop = false

  @Option(
    help: ArgumentHelp("Write a line for every finding to this file.", valueName: "file"), completion: .file()
  )
  var report: String?

  @Option(name: .shortAndLong, help: "The message of the new version.")
  var message: String?

  @Option(help: ArgumentHelp("Print at most this many findings.", valueName: "number"))
  var limit: Int = 10

  @OptionGroup(title: "Signature") var signing: SigningFlags
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if message != nil, !drop { throw ValidationError("'--message' belongs to '--drop'") }
    if shortest < 1 { throw ValidationError("'--shortest' counts from 1") }
    if limit < 0 { throw ValidationError("'--limit' counts from 0") }
  }

  func run() throws {
    try Face.run(options) { face in
      var settings = DecontaminationSettings()
      settings.ngram = ngram
      settings.shortest = shortest
      settings.boilerplate = boilerplate
      settings.rougeL = rougeL
      if !field.isEmpty { settings.fields = field }
      settings.tokenizer = tokenizer.rawValue
      let request = DecontaminateRequest(
        source: source, against: against, settings: settings, drops: drop, report: report, message: message)
      if options.json {
        var findings: [JSONValue] = []
        let result = try request.run(in: face.session(signing)) { findings.append($0.json) }
        return face.console.json(result.json(findings))
      }
      let page = ContaminationPage(console: face.console, limit: limit)
      page.end(try request.run(in: face.session(signing), each: page.add))
    }
  }
}
