import ArgumentParser
import Records
import Workbench

struct CatObject: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cat",
    abstract: "Print one object, verified against its id.",
    discussion: """
      Prints the canonical JSON of a pair, batch, origins chunk, prompt, seed or run, and a description of a tree node. \
      A record id prints its pair.

      Examples:
        mdata cat 4f2c9e01
        mdata cat 3fa9c1e2:42
      """)

  @Argument(help: "An object id, at least four digits of it, or a record id.")
  var object: String

  @OptionGroup var options: GlobalOptions

  func run() throws {
    try Face.run(options) { face in
      let result = try CatRequest(object: object).run(in: face.session)
      if options.json {
        face.console.json(
          .document(
            "cat",
            [
              JSONMember("id", .string(result.id)), JSONMember("kind", .string(result.kind)),
              JSONMember("bytes", .int(result.bytes)), JSONMember("object", result.value),
            ]))
      } else {
        face.console.write(result.canonical + [UInt8(ascii: "\n")])
      }
    }
  }
}
