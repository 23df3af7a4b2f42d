import ArgumentParser
import Records
import Workbench

struct Search: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Find the records of a version that have words, the best matches first.",
    discussion: """
      All words must be there, in any field, in any order; case and diacritics do not count. OR joins alternatives, \
      NOT excludes, parentheses group; "two words" between double quotes stand side by side, and fever* is any word \
      that begins so.

      The first search builds an index of words, later ones add what is new.

      Examples:
        mdata search chest pain
        mdata search '"chest pain" NOT child' --field instruction
        mdata search 'antibiot* (dose OR dosage)' --at v1 -n 5 --json
      """)

  @Argument(help: "What to look for.")
  var words: [String]

  @Option(help: ArgumentHelp("The version to search.", valueName: "rev"))
  var at: String = "HEAD"

  @Option(
    help: ArgumentHelp(
      "Look in one field only: instruction, input, output, system or turns.", valueName: "field"))
  var field: String?

  @Option(
    name: [.customShort("n"), .long], parsing: .unconditional,
    help: ArgumentHelp("At most this many.", valueName: "count"))
  var limit: Int = 20

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      var progress: Progress?
      let request = SearchRequest(words.joined(separator: " "), revision: at, field: field, limit: limit)
      let result = try request.run(
        in: face.session, notice: { face.console.remark("note: \($0)") },
        progress: { done, total in
          if progress == nil { progress = Progress(face.console, total: total, unit: "records") }
          progress?.update(done)
        })
      progress?.finish()
      if options.json { return face.console.json(document(result)) }
      face.console.page()
      SearchPage(console: face.console).print(result)
    }
  }

  private func document(_ result: SearchResult) -> JSONValue {
    .document(
      "search",
      [
        JSONMember("commit", .string(result.commit.commit)),
        JSONMember(
          "hits",
          .array(
            result.hits.map { hit in
              .object([
                JSONMember("pair", .string(hit.pair)), JSONMember("records", .strings(hit.records)),
                JSONMember("snippets", .array(hit.snippets.map(\.json))),
              ])
            })),
        JSONMember("more", .bool(result.isMore)),
      ])
  }
}

extension SearchResult.Snippet {
  fileprivate var json: JSONValue {
    .object([
      JSONMember("field", .string(field)),
      JSONMember(
        "text",
        .array(
          pieces.map {
            .object([JSONMember("match", .bool($0.isMatch)), JSONMember("text", .string($0.text))])
          })),
    ])
  }
}
