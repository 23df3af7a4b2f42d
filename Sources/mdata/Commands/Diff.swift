import ArgumentParser
import Records
import Workbench

struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what changed between two versions, record by record.",
    discussion: """
      Edited records show the words that changed. A..B is the same as A B; A...B begins where the two parted, so it \
      shows what B did since. Whatever is filtered out is not counted either, also not by --exit-code.

      --summary compares the changed records as they were (removed, or before the edit) with the same as they are \
      (added, or after it): lengths, scores, topics and teachers. Records that did not change are in neither, so it \
      costs what the changes cost.

      Examples:
        mdata diff HEAD~1
        mdata diff v1..v2 --stat --by teacher
        mdata diff v1 v2 --only edited --field output --with topic=fever
        mdata diff v1...HEAD --summary
        mdata diff v1 v2 --html report.html
        mdata diff v1 v2 --patch
        mdata diff v1 v2 --json
      """)

  @Argument(help: "The older version, or both as A..B or A...B.")
  var from: String

  @Argument(help: "The newer version. (default: HEAD)")
  var to: String?

  @Flag(help: "Only the counts, in all and by batch.")
  var stat = false

  @Option(
    help: ArgumentHelp(
      "With --stat: count by batch, file, teacher, license or a column, such as topic.", valueName: "name"))
  var by: String?

  @Flag(help: "The distributions of the changed records before and after.")
  var summary = false

  @Option(
    help: ArgumentHelp(
      "Write counts, distributions and changes to this file, as a page that needs nothing else.",
      valueName: "file"))
  var html: String?

  @Option(
    name: [.customShort("n"), .long], parsing: .unconditional,
    help: ArgumentHelp("Show at most this many records; with --html 1,000 unless given.", valueName: "count"))
  var limit: Int?

  @Flag(help: "Write a patch, which `mdata apply` takes, as JSON lines.")
  var patch = false

  @Flag(help: "Exit with 1 when there are differences.")
  var exitCode = false

  @OptionGroup var flags: DiffFlags

  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if patch, stat || summary || html != nil || limit != nil || options.json || !flags.isEmpty {
      throw ValidationError(
        "a patch is the whole difference: '--patch' goes with no other form and no filter")
    }
    if by != nil, !stat { throw ValidationError("'--by' is about '--stat'") }
    if to != nil, VersionRange(from) != nil {
      throw ValidationError("'\(from)' names two versions: '\(to ?? "")' is one too many")
    }
  }

  func run() throws {
    var differs = false
    try Face.run(options) { face in
      let request = try request()
      if patch {
        let counts = try PatchRequest(request).run(in: face.session, each: face.console.write)
        differs = !counts.isEmpty
        return
      }
      let result =
        if let html {
          try report(request, to: html, face)
        } else if options.json {
          try document(request, face)
        } else {
          try page(request, face)
        }
      differs = !result.counts.isEmpty
    }
    if exitCode && differs { throw ExitCode(1) }
  }

  private func request() throws -> DiffRequest {
    var request =
      if let range = VersionRange(from) { DiffRequest(range) } else {
        DiffRequest(from: from, to: to ?? "HEAD")
      }
    request.filter = try flags.filter()
    if case let facet? = by.map(Facet.init), facet.name != "batch" { request.facets = [facet] }
    request.isSummarized = summary
    request.limit = limit
    return request
  }

  private func page(_ request: DiffRequest, _ face: Face) throws -> DiffResult {
    let page = DiffPage(console: face.console)
    if !stat { face.console.page() }
    guard !stat, !summary else {
      let result = try request.run(in: face.session)
      page.print(result, stat: stat)
      return result
    }
    let result = try request.run(in: face.session, render: { $0 }, each: page.add)
    page.end(result)
    return result
  }

  private func document(_ request: DiffRequest, _ face: Face) throws -> DiffResult {
    let document = DiffDocument(console: face.console, hasRecords: !stat && !summary)
    let result: DiffResult
    if stat || summary {
      result = try request.run(in: face.session)
      document.begin(result.from, result.to)
    } else {
      result = try request.run(
        in: face.session, begin: document.begin, render: DiffDocument.bytes, each: document.add)
    }
    document.end(result, isLimited: limit != nil && !stat && !summary)
    return result
  }

  private func report(_ request: DiffRequest, to file: String, _ face: Face) throws -> DiffResult {
    let page = ReportPage(wanted: flags.description)
    let asked = request.facets
    var request = request
    request.facets = asked + ReportPage.facets
    let report = try DiffReportRequest(request, file: file).run(
      in: face.session, head: { page.head($0, groups: $0.groups.dropFirst(asked.count)) },
      render: ReportChange.bytes, foot: page.foot)
    var result = report.result
    result.groups = Array(result.groups.prefix(asked.count))
    if !summary { result.summary = nil }
    if options.json {
      let document = DiffDocument(console: face.console, hasRecords: false)
      document.begin(result.from, result.to)
      document.end(result, report: (file, report.bytes))
    } else {
      DiffPage(console: face.console).print(result, stat: stat)
      face.console.inform("Wrote \((result.counts.total - result.leftOut).of("change")) to \(file.escaped())")
    }
    return result
  }
}
