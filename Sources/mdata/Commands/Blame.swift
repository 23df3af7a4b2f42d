import ArgumentParser
import Records
import Workbench

struct Blame: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "blame",
    abstract: "Ask where a record came from and what used it.",
    discussion: """
      Answers from the record's own origin: the file and line or the seeds, prompt, teacher and scores; the commits \
      that added and edited it; what merges, filters and deduplications decided; the training runs that saw it.

      What is asked about can be a record id, the id of a pair, a file that was checked out (a line a row, also when it \
      was edited since), or a text.

      Examples:
        mdata blame 3fa9c1e2:42
        mdata blame 3fa9c1e2:42 --json
        mdata blame edited.jsonl v1 --line 2
        mdata blame --text "lowers fever"
      """)

  @Argument(
    help:
      "A record id as diff prints it, the id of a pair, or a file; a file with the name of an id as ./NAME.")
  var target: String?

  @Argument(help: "The version to look in.")
  var revision: String?

  @Option(help: "Of a file the rows that begin on this line, or from one to another as in 10-20.")
  var line: LineRange?

  @Option(help: ArgumentHelp("Format of a file; by default its content decides.", valueName: "format"))
  var format: String?

  @Option(
    help: ArgumentHelp(
      "A column of a file that holds a field of the pair, as instruction=question. Repeatable.",
      valueName: "field=column"))
  var map: [String] = []

  @Option(help: ArgumentHelp("The records in which these words follow each other.", valueName: "words"))
  var text: String?

  @OptionGroup var options: GlobalOptions

  private enum Target {
    case record(String)
    case list(BlameListRequest.What)
  }

  func validate() throws {
    if text == nil, target == nil {
      throw ValidationError("say what to ask about: a record, a pair, a file or '--text'")
    }
    if text != nil, revision != nil { throw ValidationError("with '--text' there is only a version to name") }
    let isFile = text == nil && target.map(Self.isFile) ?? false
    let flags = [("--line", line != nil), ("--format", format != nil), ("--map", !map.isEmpty)]
    if !isFile, let flag = flags.first(where: \.1) {
      throw ValidationError("'\(flag.0)' belongs to a file")
    }
  }

  private static func isHex(_ text: some StringProtocol) -> Bool {
    (4...64).contains(text.utf8.count) && text.utf8.allSatisfy { Hex.value(of: $0) != nil }
  }

  /// Neither the id of a record nor of a pair.
  private static func isFile(_ text: String) -> Bool {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    return !isHex(parts[0]) || parts.count == 2 && !parts[1].utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  private func request() throws -> Target {
    if let text { return .list(.text(text)) }
    let target = target ?? ""
    if Self.isFile(target) {
      var provenance = ImportRequest.Provenance()
      provenance.format = format
      provenance.fields = try ImportFlags.pairs(map, "--map", example: "instruction=question")
      return .list(.file(ImportRequest(source: target, provenance: provenance), lines: line?.lines))
    }
    return target.contains(":") ? .record(target) : .list(.pair(target))
  }

  func run() throws {
    try Face.run(options) { face in
      let revision = (text == nil ? revision : target) ?? "HEAD"
      switch try request() {
      case .record(let record): try page(of: record, revision, face)
      case .list(let what):
        let request = BlameListRequest(what, revision: revision)
        options.json ? try document(request, face) : try list(request, revision, face)
      }
    }
  }

  private func document(_ request: BlameListRequest, _ face: Face) throws {
    var document: BlameListDocument?
    _ = try request.run(
      in: face.session, notice: { face.console.remark("note: \($0)") },
      begin: { document = BlameListDocument($0, on: face.console) }, each: { document?.add($0) })
    document?.end()
  }

  private func list(_ request: BlameListRequest, _ revision: String, _ face: Face) throws {
    var page: BlameListPage?
    let result = try request.run(
      in: face.session, notice: { face.console.remark("note: \($0)") },
      begin: { result in
        // One record has a page of its own.
        guard result.onlyRecord == nil else { return }
        face.console.page()
        page = BlameListPage(result, on: face.console)
      }, each: { page?.add($0) })
    page?.end()
    if let record = result.onlyRecord { try self.page(of: record, revision, face) }
  }

  private func page(of record: String, _ revision: String, _ face: Face) throws {
    let result = try BlameRequest(record: record, revision: revision).run(in: face.session)
    options.json ? face.console.json(BlamePage.document(result)) : BlamePage(result).print(on: face.console)
  }
}
